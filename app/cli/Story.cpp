#include "app/cli/Story.h"

#include "core/money/Unit.h"

#include <algorithm>

namespace tallylock::cli {

namespace {
constexpr const char* kPracticePassphrase = "practice people have no secrets";
constexpr std::int64_t kPatienceMs = 60'000;
constexpr std::int64_t kGlanceMs = 1'000; // look again at the latest after this long
} // namespace

void Story::failed(const std::string& what, const api::Refusal& refusal) {
    std::string message = what + ": " + api::nameOf(refusal.problem);
    if (!refusal.detail.empty()) message += " (" + refusal.detail + ")";
    throw StoryFailed{message};
}

SessionPtr Story::person(const std::string& name) {
    const auto profiles = m_node.profiles();
    const bool known = std::any_of(profiles.begin(), profiles.end(), [&](const auto& p) { return p.name == name; });
    return ask<SessionPtr>("open the profile " + name, [&](api::Done<SessionPtr> done) {
        auto passphrase = SecretBytes::copyOf(viewOf(kPracticePassphrase));
        if (known) {
            m_node.openProfile(name, std::move(passphrase), std::move(done));
        } else {
            m_node.createProfile(name, m_node.newPhrase(12), std::move(passphrase), std::move(done));
        }
    });
}

void Story::until(const std::string& what, const std::vector<SessionPtr>& people, const std::function<bool()>& act) {
    const auto news = std::make_shared<bool>(false);
    for (const SessionPtr& person : people) person->watch([news](api::Topic) { *news = true; });
    const auto start = std::chrono::steady_clock::now();
    bool finished = false;
    while (!finished) {
        *news = false;
        finished = act();
        if (finished) break;
        if (std::chrono::steady_clock::now() - start > std::chrono::milliseconds(kPatienceMs)) {
            throw StoryFailed{what + ": nothing moves any more"};
        }
        m_loop.runUntil([&] { return *news; }, kGlanceMs);
    }
    for (const SessionPtr& person : people) person->watch(nullptr);
}

void Story::payUpTo(const std::string& identifier, const api::Amount& amount) {
    api::Practice* practice = m_node.practice();
    if (!practice) throw StoryFailed{"this node has no practice money"};
    const auto paid = ask<api::Amount>("look into the practice wallet", [&](api::Done<api::Amount> done) {
        practice->paidTo(amount.unit, identifier, std::move(done));
    });
    const api::Amount rest{amount.value - paid.value, amount.unit};
    if (!rest.isPositive()) return;
    const bool coin = money::findUnit(amount.unit)->kind == money::UnitKind::Coin;
    ask<void>("pay " + identifier, [&](api::Done<void> done) {
        if (coin) {
            practice->payToAddress(rest.unit, identifier, rest, std::move(done));
        } else {
            practice->bankTransfer(rest.unit, identifier, rest, std::move(done));
        }
    });
}

} // namespace tallylock::cli
