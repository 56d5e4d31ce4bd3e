// The practice world: a chain, a bank and three exchanges inside the process, for coins and money that are worth
// nothing.
//
// The room `rails` owns the ways in which value enters and leaves. Practice is one of them: it looks like a rail from
// the outside, and whatever it shows to people says Practice. What it acknowledges is in its journal first, so it
// survives a kill of the process. Addresses and transaction ids follow from the seed.
//
// Threads: any thread may call; each call waits for the world's own thread, which owns the journal.
#pragma once

#include "core/base/Clock.h"
#include "core/ports/Bank.h"
#include "core/ports/Exchanges.h"
#include "core/ports/Journal.h"
#include "core/ports/Rail.h"

#include <functional>
#include <memory>

namespace tallylock::rails {

struct PracticeOptions {
    std::string seed;
    /// Called once, on the world's thread.
    std::function<Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>()> openJournal;
    Clock& clock; ///< outlives the world
    /// A block follows this long after there is something to confirm; zero: only by mine().
    std::int64_t blockMs = 100;
    std::int64_t quoteMs = 15 * 60 * 1000; ///< how long a quote of the first exchange holds
};

class PracticeWorld;

class PracticeChain final : public ports::Rail {
public:
    explicit PracticeChain(PracticeWorld& world) : m_world(world) {}
    std::string name() const override { return "practice-chain"; }
    bool carries(money::UnitId unit) const override;
    Result<std::string, ports::RailError> expect(money::UnitId unit, const std::string& key) override;
    Result<std::vector<ports::Sighting>, ports::RailError> observe(std::uint64_t cursor, std::size_t limit) override;
    Result<std::string, ports::RailError> pay(const std::string& key, const std::string& to,
                                              const money::Amount& amount) override;
    Result<money::Amount, ports::RailError> balance(money::UnitId unit) override;

    /// As a wallet outside would: gives the transaction's id. Refused if nobody expects this coin there.
    Result<std::string, ports::RailError> payTo(const std::string& address, const money::Amount& amount);
    /// The next block, now.
    Result<void, ports::RailError> mine();
    /// The last `depth` blocks leave the chain. Their payments go into the next block.
    Result<void, ports::RailError> reorganise(std::uint32_t depth);

private:
    PracticeWorld& m_world;
};

class PracticeBank final : public ports::Bank {
public:
    explicit PracticeBank(PracticeWorld& world) : m_world(world) {}
    std::string name() const override { return "Practice Bank"; }
    bool carries(money::UnitId unit) const override;
    Result<std::string, ports::RailError> expect(money::UnitId unit, const std::string& key) override;
    Result<std::vector<ports::BankEntry>, ports::RailError> statement(std::uint64_t cursor, std::size_t limit) override;
    /// The practice bank lends what the account has not: the house's dollars come from no bank.
    Result<std::string, ports::RailError> pay(const std::string& key, const std::string& to,
                                              const money::Amount& amount) override;
    Result<money::Amount, ports::RailError> balance(money::UnitId unit) override;

    /// As somebody else's bank would. A reference that nobody gave out is booked too: that is for the books to sort
    /// out.
    Result<std::string, ports::RailError> transfer(const std::string& reference, const money::Amount& amount);

private:
    PracticeWorld& m_world;
};

/// The fixed practice rate: dollars for one whole coin; none for a unit that is not traded.
std::optional<money::Amount> practiceRate(money::UnitId coin);

class PracticeFirstExchange final : public ports::FirstExchange {
public:
    explicit PracticeFirstExchange(PracticeWorld& world) : m_world(world) {}
    Result<Quote, ports::RailError> quote(const QuoteWanted& wanted) override;
    Result<Wallet, ports::RailError> openWallet(SaleId sale, money::UnitId coin) override;
    Result<std::string, ports::RailError> provide(SaleId sale, const money::Amount& dollars) override;
    Result<std::string, ports::RailError> closeWallet(SaleId sale) override;

private:
    PracticeWorld& m_world;
};

class PracticeDollarExchange final : public ports::DollarExchange {
public:
    explicit PracticeDollarExchange(PracticeWorld& world) : m_world(world) {}
    Result<std::string, ports::RailError> pay(SaleId sale, const money::Amount& dollars) override;

private:
    PracticeWorld& m_world;
};

class PracticeSecondExchange final : public ports::SecondExchange {
public:
    explicit PracticeSecondExchange(PracticeWorld& world) : m_world(world) {}
    Result<Receipt, ports::RailError> receive(SaleId sale, const money::Amount& coins) override;

private:
    PracticeWorld& m_world;
};

class PracticeWorld {
public:
    static Result<std::unique_ptr<PracticeWorld>, ports::StoreFailure> start(PracticeOptions options);
    ~PracticeWorld();

    PracticeChain& chain() { return m_chain; }
    PracticeBank& bank() { return m_bank; }
    PracticeFirstExchange& firstExchange() { return m_first; }
    PracticeDollarExchange& dollarExchange() { return m_dollar; }
    PracticeSecondExchange& secondExchange() { return m_second; }
    /// What has been sent to an address or bank reference from outside.
    Result<money::Amount, ports::RailError> sentTo(money::UnitId unit, const std::string& place);
    /// What we have paid out to an address or account outside.
    Result<money::Amount, ports::RailError> paidTo(money::UnitId unit, const std::string& place);

private:
    friend class PracticeChain;
    friend class PracticeBank;
    friend class PracticeFirstExchange;
    friend class PracticeDollarExchange;
    friend class PracticeSecondExchange;
    class Core;
    explicit PracticeWorld(std::unique_ptr<Core> core);

    std::unique_ptr<Core> m_core;
    PracticeChain m_chain{*this};
    PracticeBank m_bank{*this};
    PracticeFirstExchange m_first{*this};
    PracticeDollarExchange m_dollar{*this};
    PracticeSecondExchange m_second{*this};
};

} // namespace tallylock::rails
