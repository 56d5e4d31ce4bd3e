// What a party is inside: its journal, its replica, its way to the servers, and the two sides that act by themselves.
// All of it lives on the worker thread; whatever comes from elsewhere is posted there.
#pragma once

#include "core/base/Clock.h"
#include "core/party/BuyerSide.h"
#include "core/party/Jobs.h"
#include "core/party/Keeper.h"
#include "core/party/Outbox.h"
#include "core/party/Outward.h"
#include "core/party/PortionDesk.h"
#include "core/party/Replica.h"
#include "core/party/SellerSide.h"
#include "core/party/Setup.h"
#include "core/party/Trails.h"
#include "core/party/Witnesses.h"

namespace tallylock::party {

class Core {
public:
    Core(Setup setup, const Outward& outward, Loop::Poster poster, Jobs& jobs);
    ~Core();

    /// Opens the journal, says hello, subscribes. `done` once the journal is read, whether or not a server answers.
    void start(api::Done<void> done);
    /// Why this party cannot work at all, such as a damaged journal.
    const std::optional<api::Refusal>& failure() const { return m_failure; }

    /// When the replica has caught up with what the coordinator had at the start; at once later on. After some seconds
    /// without a coordinator it runs all the same, on what is there.
    void whenSynced(std::function<void()> then);
    /// Once this identity belongs to a holder: asks, and registers an individual if nobody has.
    void withHolder(std::function<void(api::Answer<HolderId>)> then);
    void registerHolder(const std::string& name, bool institution, std::function<void(api::Answer<HolderId>)> then);
    /// Asks whether somebody has given this identity access to an account meanwhile.
    void refreshHolder(std::function<void()> then);

    /// Runs when the condition holds or, if sooner, after the bound.
    void until(std::function<bool()> condition, std::int64_t boundMs, std::function<void(bool held)> then);
    /// Has a command executed. `then` comes after the durable reply and after the replica shows what it did (`landed`
    /// gets the reply's value), so that a query that follows sees it.
    using Landed = std::function<bool(std::uint64_t value)>;
    void command(engine::CommandBody body, Landed landed, std::function<void(api::Answer<std::uint64_t>)> then);
    /// One that brings a sale into this state; done once the replica shows it.
    /// One that changes nothing that could be waited for.
    void commandOnly(engine::CommandBody body, const api::Done<void>& done);
    void stateInDispute(SaleId sale, const std::string& text, const api::Done<void>& done); // Disputes.cpp
    void commandSale(SaleId sale, engine::CommandBody body, engine::SaleState until, const api::Done<void>& done);
    /// Goes with the next command that moves money out or changes its rules.
    void setNextCode(std::string code) { m_nextCode = std::move(code); }
    std::uint64_t gaps() const { return m_gaps; }
    std::uint64_t resyncs() const { return m_resyncs; }

    /// Lets the sides do what the sale's state asks of them. Again later: after `delayMs`.
    void drive(SaleId sale);
    void driveAgain(SaleId sale, std::int64_t delayMs);
    /// A sale that the coordinator does not tell of now.
    void recall(engine::SaleChanged sale);
    /// The coordinator has said something.
    void heard();
    /// Since when nothing was heard of it, if that is so long that it counts as gone; else 0. `toldMs`: when it told of
    /// what is asked about.
    std::int64_t goneSinceMs(std::int64_t toldMs);
    void changed(api::Topic topic) { m_outward.changed(topic); }

    const keys::Identity& identity() const { return m_setup.identity; }
    const Setup& setup() const { return m_setup; }
    Random& random() { return m_setup.random; }
    std::int64_t nowMs() { return m_setup.clock.wallMs(); }
    Diary& diary() { return *m_diary; }
    const Replica& replica() const { return m_replica; }
    ports::FileStore& files() { return *m_setup.files; }
    Server& coordinator() { return m_coordinator; }
    Server& keyServer() { return m_keyServer; }
    /// Null where there is none.
    Server* standby() { return m_standby ? &*m_standby : nullptr; }
    LinkSession& session() { return m_session; }
    Jobs& jobs() { return m_jobs; }
    const Loop::Poster& poster() const { return m_poster; }
    const Outward& outward() const { return m_outward; }
    /// What the coordinator said of itself; nothing before its first answer.
    const std::optional<wire::Welcome>& welcome() const { return m_welcome; }
    SellerSide& seller() { return m_seller; }
    BuyerSide& buyer() { return m_buyer; }
    Trails& trails() { return m_trails; }
    const Witnesses& witnesses() const { return m_witnesses; }

private:
    struct Wait {
        std::uint64_t id = 0;
        std::function<bool()> condition;
        std::function<void(bool)> then;
    };
    void hello();
    void welcomed(const wire::Welcome& welcome);
    void adoptHolder(HolderId holder);
    void subscribe(Stream stream, std::unique_ptr<ports::Subscription>& subscription);
    void onItem(Stream stream, const wire::StreamItem& item);
    /// The stream has a gap: what was missed is asked for again.
    void takeUpAgain(Stream stream);
    /// The replica of this book is not the coordinator's: it is fetched anew.
    void mendBook(InstrumentId instrument);
    void checkWaits();
    void beginSync();
    void awaitSync(std::uint64_t newestPublic, std::uint64_t newestOwn);
    void beginKeeping();
    void learn(const engine::RecordKept& kept);
    void endSync();
    /// Runs when the coordinator's streams have been handed on up to this sequence.
    void fence(std::uint64_t sequence, std::function<void()> then);
    /// Now and from then on every hour: asks the coordinator whether it is there, and whether it was since it was asked
    /// before. So a machine that has slept for long takes nobody for gone before it has tried.
    void lookWhetherGone();

    Setup m_setup;
    Outward m_outward;
    Loop::Poster m_poster;
    Jobs& m_jobs;
    Server m_coordinator;
    Server m_keyServer;
    std::optional<Server> m_standby;
    LinkSession m_session;
    std::unique_ptr<Diary> m_diary;
    std::unique_ptr<Outbox> m_outbox;
    std::unique_ptr<Keeper> m_keeper;
    Replica m_replica;
    SellerSide m_seller;
    BuyerSide m_buyer;
    Trails m_trails;
    Witnesses m_witnesses;
    PortionDesk m_portions;
    std::unique_ptr<ports::Subscription> m_public;
    std::unique_ptr<ports::Subscription> m_own;
    struct Flow {
        std::uint64_t generation = 0; ///< of the subscription; what an earlier one has left is passed over
        bool takingUp = false;
        Backoff backoff;
    };
    Flow m_flows[2];
    Backoff m_mendBackoff;
    std::uint64_t m_gaps = 0;
    std::uint64_t m_resyncs = 0;
    std::string m_nextCode;

    std::optional<api::Refusal> m_failure;
    std::optional<wire::Welcome> m_welcome;
    Backoff m_helloBackoff;
    bool m_synced = false;
    bool m_gaveUpWaiting = false;
    std::int64_t m_heardMs = 0; ///< in this run; before that: HistoryKept
    std::int64_t m_lookedMs = 0;
    bool m_isSilent = false; ///< it has not answered between two looks
    std::vector<std::function<void()>> m_whenSynced;
    std::vector<std::function<void(api::Answer<HolderId>)>> m_whenHolder; // a registration is on its way
    std::uint64_t m_lastWait = 0;
    std::vector<Wait> m_waits;
};

} // namespace tallylock::party
