// Many people at once, each with an app on a machine of their own, and the servers as processes: while everybody does
// what they like, servers are killed and started again, wires are cut or stall, and apps are closed. In the end the
// faults stop, everybody finishes what is open, and what has happened is judged (MarketJudge.h).
#pragma once

#include "app/servers/EventLoop.h"
#include "tests/scenario/MarketPerson.h"
#include "tests/scenario/MarketServers.h"

namespace tallylock::marketplace {

/// What the app of one person says at the end, and what a wallet outside remembers.
struct Account {
    HolderId holder;
    std::map<api::UnitId, Int128> statement; ///< the sum of its lines
    std::map<api::UnitId, Int128> balance;   ///< with what is held
    std::map<api::UnitId, Int128> deposited; ///< from outside
    std::map<SaleId, Int128> paid;           ///< into its wallet, from outside
    std::vector<api::OrderRow> orders;
    std::vector<api::SaleDetail> sales;
    std::vector<api::ListingRow> listings;
    std::vector<api::WithdrawalRow> withdrawals;
    api::HistoryCheckRow history;
};

class Marketplace {
public:
    explicit Marketplace(std::uint64_t seed);
    ~Marketplace();

    // In this order. Each gives what is wrong; empty: nothing.
    std::string start();
    std::string live();       ///< with faults
    std::string finish();     ///< without
    std::string openUnpaid(); ///< tries to open what nobody has paid for
    /// Asks everybody for their account, while nothing happens any more.
    std::string takeAccounts();
    std::string stop();

    const std::vector<std::unique_ptr<Person>>& people() const { return m_people; }
    const std::map<const Person*, Account>& accounts() const { return m_accounts; }
    std::uint64_t sequence() const { return m_sequence; } ///< of the journal, when the accounts were taken
    MarketServers& servers() { return m_servers; }
    const std::map<std::string, int>& faults() const { return m_faultCounts; }

private:
    struct Home {
        QString folder;
        std::unique_ptr<test::Wires> wires;
        std::unique_ptr<app::AppNode> node;
        std::vector<Person*> people;
    };
    struct Fault;
    static const Fault kFaults[];
    /// At which moment the next fault comes. What is under way when somebody asks is neither done nor refused; what
    /// somebody was told had better be done.
    enum class Moment { Any, SomebodyAsks, SomebodyIsTold, kCount };

    std::string open(Home& home);
    void close(Home& home);
    void runSome();
    void tend();
    std::string endFault();
    void kill(test::ServerProcess& server);
    bool hasMomentCome();
    bool decideDisputes();
    bool haveEnoughLapsed(std::chrono::steady_clock::time_point end) const;
    std::string account(const Home& home, const Person& person, Account& account);
    std::uint64_t sequenceNow();
    template <class T, class Question>
    api::Answer<T> ask(Question question) {
        return m_loop.ask<T>(std::move(question));
    }
    template <class T, class Question>
    bool get(T& to, Question question) {
        auto answer = m_loop.ask<T>(std::move(question));
        if (answer) {
            to = std::move(*answer);
        } else {
            m_refusal = std::string(api::nameOf(answer.error().problem)) + " " + answer.error().detail;
        }
        return answer.ok();
    }

    // The faults: each begins, and ends after a while.
    void killLeader() { kill(m_servers.leader()); }
    void killKeyServer() { kill(m_servers.keyServer()); }
    void killStandby() { kill(m_servers.standby()); }
    void loseMachine();
    void cutWires();
    void cutHalf();
    void holdUp();
    void closeApp();
    std::string revive();
    std::string mendWires();
    std::string reopen();

    Chance m_chance;
    QTemporaryDir m_folder;
    MarketServers m_servers;
    app::EventLoop m_loop;
    std::vector<std::unique_ptr<Person>> m_people; // before the homes: what they are told may still arrive
    std::vector<Home> m_homes;
    std::vector<std::size_t> m_deck; ///< faults to come
    const Fault* m_fault = nullptr;  ///< of now
    std::chrono::steady_clock::time_point m_nextChange;
    Moment m_moment{};
    bool m_hasCome = false; ///< the moment
    test::ServerProcess* m_victim = nullptr;
    test::Wires* m_wires = nullptr; ///< that are not as they should be
    Home* m_closed = nullptr;
    std::string m_trouble;
    std::string m_refusal; ///< the last one
    std::map<const Person*, Account> m_accounts;
    std::uint64_t m_sequence = 0;
    std::map<std::string, int> m_faultCounts;
};

} // namespace tallylock::marketplace
