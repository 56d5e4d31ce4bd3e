#include "app/cli/BooksCommand.h"

#include "app/cli/CoordinatorFolder.h"
#include "app/embedded/OperatorDesk.h"
#include "core/keys/PrivateFile.h"
#include "core/ledger/Ledger.h"
#include "core/money/Decimal.h"
#include "core/rails/practice/PracticeWorld.h"
#include "core/store/SqliteJournal.h"

#include <charconv>
#include <cstdio>

namespace tallylock::cli {

namespace {
constexpr std::size_t kMostSeedBytes = 64;

std::string plain(const money::Amount& amount) { return money::formatAmount(amount); }

/// What a replay collects for the acts below.
struct Replayed {
    host::Recovered state;
    std::map<HolderId, std::string> names;
    std::vector<engine::StatementLine> lines;
};

Result<Replayed, std::string> replayed(CoordinatorFolder& folder) {
    std::map<HolderId, std::string> names;
    std::vector<engine::StatementLine> lines;
    auto state = folder.replay([&](const wire::Batch&, const host::Applied& applied) {
        for (const ports::Projected& part : applied.projected) {
            for (const engine::Event& event : part.events) {
                if (const auto* known = std::get_if<engine::HolderRegistered>(&event.body)) {
                    names[known->holder] = known->name;
                } else if (const auto* line = std::get_if<engine::StatementLine>(&event.body)) {
                    lines.push_back(*line);
                }
            }
        }
    });
    if (!state) return Err(state.error());
    return Replayed{std::move(*state), std::move(names), std::move(lines)};
}

int printTrial(const Replayed& books) {
    if (!books.state.engine.ledger().checkSums()) return fail("the ledger does not sum to zero");
    for (const api::LedgerRow& row : app::ledgerRowsOf(books.state.engine.ledger())) {
        std::printf("%s  %-12s  %s  held %s  in %llu accounts\n", std::string(money::findUnit(row.unit)->code).c_str(),
                    row.purpose.c_str(), plain(row.total).c_str(), plain(row.held).c_str(),
                    static_cast<unsigned long long>(row.accounts));
    }
    std::printf("every unit sums to zero; command %llu\n",
                static_cast<unsigned long long>(books.state.position.sequence));
    return kDone;
}

/// By the account's number, or by its name where only one has it.
std::optional<HolderId> accountNamed(const Replayed& books, const std::string& text) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size()) {
        return books.names.contains(HolderId{number}) ? std::optional(HolderId{number}) : std::nullopt;
    }
    std::optional<HolderId> found;
    for (const auto& [holder, name] : books.names) {
        if (name != text) continue;
        if (found) return std::nullopt;
        found = holder;
    }
    return found;
}

int printStatement(const Replayed& books, const std::string& account, const std::string& code) {
    const auto holder = accountNamed(books, account);
    if (!holder) return fail("no account, or more than one, is called " + account);
    const money::Unit* unit = money::findUnit(code);
    if (!unit) return fail("no such unit: " + code);
    for (const engine::StatementLine& line : books.lines) {
        if (line.holder != *holder || line.delta.unit != unit->id) continue;
        std::printf("%lld  entry %llu  %-16s  %s  balance %s\n", static_cast<long long>(line.timeMs),
                    static_cast<unsigned long long>(line.entry.value), line.reason.c_str(), plain(line.delta).c_str(),
                    plain(line.balance).c_str());
    }
    return kDone;
}

int printReconciliation(const Replayed& books, const std::filesystem::path& folder) {
    auto seed = keys::readFile((folder / "practice-seed").string(), kMostSeedBytes);
    if (!seed) return fail("the practice world's seed: " + std::string(keys::nameOf(seed.error())));
    SystemClock clock;
    auto world = rails::PracticeWorld::start(
        {toHex(*seed), [&] { return store::SqliteJournal::open((folder / "practice.sqlite").string()); }, clock, 0});
    if (!world) return fail("the practice world: " + world.error().detail);
    const auto reconciled = host::reconcile(host::insideOf(books.state.engine),
                                            {host::holdingOf((*world)->chain()), host::holdingOf((*world)->bank())});
    bool good = true;
    for (const api::ReconciliationRow& row : app::rowsOf(reconciled)) {
        const bool unused = row.ledger.isZero() && (!row.outside || row.outside->isZero()) && row.losses.isZero();
        if (unused) continue;
        good = good && row.outside.has_value() && row.unexplained.isZero();
        std::printf("%s  ledger %s  %s %s  difference %s  unconfirmed deposits %s  payouts under way %s  losses %s  "
                    "unexplained %s\n",
                    std::string(money::findUnit(row.unit)->code).c_str(), plain(row.ledger).c_str(),
                    row.place.empty() ? "nobody" : row.place.c_str(),
                    row.outside ? plain(*row.outside).c_str() : "does not answer", plain(row.difference).c_str(),
                    plain(row.unconfirmed).c_str(), plain(row.paying).c_str(), plain(row.losses).c_str(),
                    plain(row.unexplained).c_str());
    }
    return good ? kDone : fail("something is unexplained");
}
} // namespace

int runBooks(const Arguments& arguments) {
    const bool trial = arguments.size() == 2 && arguments[1] == "trial";
    const bool reconcile = arguments.size() == 2 && arguments[1] == "reconcile";
    const bool statement = arguments.size() == 4 && arguments[1] == "statement";
    if (!trial && !reconcile && !statement) {
        return fail("usage: books DIR {trial | statement ACCOUNT UNIT | reconcile}");
    }
    auto folder = CoordinatorFolder::open(arguments[0]);
    if (!folder) return fail(folder.error());
    const auto books = replayed(*folder);
    if (!books) return fail(books.error());
    if (trial) return printTrial(*books);
    if (statement) return printStatement(*books, arguments[2], arguments[3]);
    return printReconciliation(*books, folder->path());
}

} // namespace tallylock::cli
