#include "app/embedded/PracticeHands.h"

#include "app/servers/Refusals.h"

namespace tallylock::app {

using api::Answer;
using api::Problem;
using api::Refusal;

static Answer<void> checkPracticeAmount(money::UnitId unit, const money::Amount& amount) {
    if (amount.unit != unit) return Err(Refusal{Problem::AmountInvalid, {}});
    if (amount.value < 0) return Err(Refusal{Problem::AmountNegative, {}});
    if (amount.value == 0) return Err(Refusal{Problem::AmountZero, {}});
    return {};
}

void PracticeHands::act(money::UnitId unit, const money::Amount& amount, api::Done<void> done,
                        std::function<Result<std::string, ports::RailError>()> deed) {
    if (auto checked = checkPracticeAmount(unit, amount); !checked)
        return m_executor([done = std::move(done), checked] { done(checked); });
    m_worker.post([executor = m_executor, deed = std::move(deed), done = std::move(done)] {
        const auto did = deed();
        const auto answer = did ? Answer<void>() : Answer<void>(Err(refusalOf(did.error())));
        executor([done, answer] { done(answer); });
    });
}

void PracticeHands::payToAddress(money::UnitId coin, std::string address, money::Amount amount, api::Done<void> done) {
    act(coin, amount, std::move(done), [this, address, amount] { return m_world.chain().payTo(address, amount); });
}

void PracticeHands::bankTransfer(money::UnitId fiat, std::string reference, money::Amount amount,
                                 api::Done<void> done) {
    act(fiat, amount, std::move(done),
        [this, reference, amount] { return m_world.bank().transfer(reference, amount); });
}

void PracticeHands::paidTo(money::UnitId unit, std::string place, api::Done<money::Amount> done) {
    m_worker.post([this, unit, place = std::move(place), executor = m_executor, done = std::move(done)] {
        const auto sent = m_world.sentTo(unit, place);
        const auto answer = sent ? Answer<money::Amount>(*sent) : Answer<money::Amount>(Err(refusalOf(sent.error())));
        executor([done, answer] { done(answer); });
    });
}

void PracticeHands::startCounterparty(api::Done<void> done) {
    if (m_start) return m_start(std::move(done));
    m_executor([done = std::move(done)] { done(Err(Refusal{Problem::NotAvailable, {}})); });
}

} // namespace tallylock::app
