// The practice world as a person's hands reach it: a wallet and a bank outside, full of worthless money.
#pragma once

#include "core/api/Session.h"
#include "core/base/TaskThread.h"
#include "core/rails/practice/PracticeWorld.h"

namespace tallylock::app {

class PracticeHands final : public api::Practice {
public:
    using Start = std::function<void(api::Done<void>)>;
    /// `world` outlives it. Answers come through the executor. Without `start` there is no counterparty to start.
    PracticeHands(rails::PracticeWorld& world, api::Executor executor, Start start)
        : m_world(world),
          m_executor(std::move(executor)),
          m_start(std::move(start)) {}
    ~PracticeHands() override { m_worker.stop(); }

    void payToAddress(money::UnitId coin, std::string address, money::Amount amount, api::Done<void> done) override;
    void bankTransfer(money::UnitId fiat, std::string reference, money::Amount amount, api::Done<void> done) override;
    void paidTo(money::UnitId unit, std::string place, api::Done<money::Amount> done) override;
    void startCounterparty(api::Done<void> done) override;

private:
    void act(money::UnitId unit, const money::Amount& amount, api::Done<void> done,
             std::function<Result<std::string, ports::RailError>()> deed);
    rails::PracticeWorld& m_world;
    api::Executor m_executor;
    Start m_start;
    TaskThread m_worker;
};

} // namespace tallylock::app
