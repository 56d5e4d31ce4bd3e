#include "core/party/Core.h"

#include <filesystem>

namespace tallylock::party {

namespace fs = std::filesystem;
using api::Problem;
using api::Refusal;

static constexpr std::int64_t kSyncBoundMs = 3000; ///< how long a query waits for the first picture
static constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;
static constexpr std::int64_t kGoneAfterMs = 7 * kDayMs; ///< a coordinator that nothing is heard of
static constexpr std::int64_t kLandBoundMs = 5000;       ///< how long an answer waits for the replica
static constexpr std::int64_t kReplyBoundMs = 30'000;    ///< how long somebody waits for the coordinator's reply
static constexpr std::uint64_t kNewestKinds[] = {
    engine::BalanceChanged::kType,   engine::OrderPlaced::kType,      engine::OrderChanged::kType,
    engine::SaleChanged::kType,      engine::ReceiptMade::kType,      engine::LevelChanged::kType,
    engine::TradePublished::kType,   engine::ListingPublished::kType, engine::ListingChanged::kType,
    engine::RecordKept::kType,       engine::CustodyPassed::kType,    engine::OrderReplaced::kType,
    engine::InstrumentSteered::kType};

static Stream streamOf(std::uint64_t kind) {
    const bool isPublic = kind == engine::LevelChanged::kType || kind == engine::TradePublished::kType ||
                          kind == engine::ListingPublished::kType || kind == engine::ListingChanged::kType ||
                          kind == engine::CustodyPassed::kType || kind == engine::InstrumentSteered::kType;
    return isPublic ? Stream::Public : Stream::Own;
}

Core::Core(Setup setup, const Outward& outward, Loop::Poster poster, Jobs& jobs)
    : m_setup(std::move(setup)),
      m_outward(outward),
      m_poster(poster),
      m_jobs(jobs),
      m_coordinator(m_setup.coordinator, poster),
      m_keyServer(m_setup.keyServer, poster),
      m_session(m_setup.identity, m_coordinator, poster),
      m_seller(*this),
      m_buyer(*this),
      m_trails(*this),
      m_witnesses(*this),
      m_portions(*this) {
    if (m_setup.standby) m_standby.emplace(m_setup.standby, poster);
}

Core::~Core() {
    if (m_diary) m_witnesses.keep();
}

// --- start -------------------------------------------------------------------------------------------------------

void Core::start(api::Done<void> done) {
    std::error_code error;
    for (const char* name : {"sealed", "library", "arrived"}) {
        const fs::path path = fs::path(m_setup.folder) / name;
        fs::create_directories(path, error);
        if (!error) fs::permissions(path, fs::perms::owner_all, error);
        if (error) m_failure = Refusal{Problem::FileUnreadable, error.message()};
    }
    if (!m_failure) {
        auto journal = m_setup.openJournal();
        if (!journal) {
            m_failure = refusalOf(journal.error());
        } else {
            auto diary = Diary::open(std::move(*journal));
            if (diary)
                m_diary = std::move(*diary);
            else
                m_failure = refusalOf(diary.error());
        }
    }
    if (m_failure) {
        endSync();
        return done(Err(*m_failure));
    }
    m_seller.tidyFolder();
    m_outbox = std::make_unique<Outbox>(m_setup.identity, *m_diary, m_coordinator, m_session, m_poster);
    m_keeper = std::make_unique<Keeper>(m_setup.identity, *m_diary, *m_outbox, m_setup.random);
    m_diary->whenUnkept([this] { m_keeper->keepAll(); });
    m_outbox->whenEmpty([this] { beginSync(); });
    m_poster.postAfter(kSyncBoundMs, [this] {
        m_gaveUpWaiting = true;
        if (!m_welcome) m_trails.recall();
        lookWhetherGone();
        for (const auto& then : std::exchange(m_whenSynced, {})) then();
    });
    m_portions.open();
    subscribe(Stream::Public, m_public);
    subscribe(Stream::Own, m_own);
    hello();
    done({});
}

void Core::subscribe(Stream stream, std::unique_ptr<ports::Subscription>& subscription) {
    subscription.reset(); // first: two would only say everything twice
    const Flow& flow = m_flows[stream == Stream::Public ? 0 : 1];
    const std::uint64_t generation = ++m_flows[stream == Stream::Public ? 0 : 1].generation;
    subscription = m_coordinator.link().subscribe(
        stream, m_replica.cursor(stream), [this, poster = m_poster, stream, &flow, generation](const auto& item) {
            poster.post([this, stream, item, &flow, generation] {
                if (flow.generation == generation) onItem(stream, item);
            });
        });
}

void Core::hello() {
    m_coordinator.ask<wire::Welcome>(wire::Hello{}, [this](Result<wire::Welcome, wire::Problem> welcome) {
        if (welcome) return welcomed(*welcome);
        m_poster.postAfter(m_helloBackoff.nextMs(), [this] { hello(); });
    });
}

void Core::welcomed(const wire::Welcome& welcome) {
    m_welcome = welcome;
    heard();
    m_witnesses.onWelcome(welcome);
    m_session.remind();
    if (welcome.holder) m_replica.setHolder(welcome.holder);
    m_session.setCoordinator(welcome.config.coordinator.identity);
    m_outbox->begin(welcome.lastCounter);
    if (m_outbox->isEmpty()) beginSync();
    checkWaits();
    changed(api::Topic::Node);
}

// The newest sequence of each kind of event tells how far the streams must have come.
void Core::beginSync() {
    m_outbox->whenEmpty({});
    struct Sync {
        std::size_t open = std::size(kNewestKinds);
        std::uint64_t newest[2] = {0, 0};
    };
    const auto sync = std::make_shared<Sync>();
    for (const std::uint64_t kind : kNewestKinds) {
        wire::HistoryQuery query;
        query.eventType = kind;
        query.limit = 1;
        query.minSequence = std::max(m_welcome->sequence, m_outbox->lastSequence());
        m_coordinator.ask<wire::HistoryPage>(query, [this, sync, kind](Result<wire::HistoryPage, wire::Problem> page) {
            std::uint64_t& newest = sync->newest[streamOf(kind) == Stream::Public ? 0 : 1];
            if (page && !page->rows.empty()) newest = std::max(newest, page->rows.front().sequence);
            if (--sync->open == 0) awaitSync(sync->newest[0], sync->newest[1]);
        });
    }
}

// As long as something comes it is waited for: a restored folder must not act on half of what it kept.
void Core::awaitSync(std::uint64_t newestPublic, std::uint64_t newestOwn) {
    const std::uint64_t before = m_replica.cursor(Stream::Public) + m_replica.cursor(Stream::Own);
    until(
        [this, newestPublic, newestOwn] {
            return m_replica.sequence(Stream::Public) >= newestPublic && m_replica.sequence(Stream::Own) >= newestOwn;
        },
        kLandBoundMs,
        [this, newestPublic, newestOwn, before](bool held) {
            if (!held && m_replica.cursor(Stream::Public) + m_replica.cursor(Stream::Own) > before)
                return awaitSync(newestPublic, newestOwn);
            m_poster.post([this] { endSync(); });
        });
}

// What this identity keeps goes to its holder's stream, so it needs one.
void Core::beginKeeping() {
    if (!m_synced || !m_keeper || !m_replica.holder()) return;
    m_keeper->begin();
    m_keeper->keepAll();
}

void Core::learn(const engine::RecordKept& kept) {
    if (kept.owner != identity().key()) return; // of another user of the same account
    const auto record = openKept(identity(), kept.sealed);
    if (!record || !m_diary->learn(*record)) return;
    if (m_synced) m_seller.noteListings();
    changed(api::Topic::Listings);
    changed(api::Topic::Library);
}

void Core::endSync() {
    if (m_synced) return;
    m_synced = true;
    if (m_diary) m_seller.noteListings();
    beginKeeping();
    if (m_welcome) m_witnesses.begin();
    for (const auto& then : std::exchange(m_whenSynced, {})) then();
    for (const auto& [sale, known] : m_replica.sales()) drive(sale);
    for (int i = 0; i < static_cast<int>(api::Topic::kCount); ++i) changed(static_cast<api::Topic>(i));
}

void Core::whenSynced(std::function<void()> then) {
    if (m_synced || m_gaveUpWaiting) return then();
    m_whenSynced.push_back(std::move(then));
}

// --- what comes in ---------------------------------------------------------------------------------------------

void Core::onItem(Stream stream, const wire::StreamItem& item) {
    heard();
    const bool isNew = item.position > m_replica.cursor(stream);
    const Replica::News news = m_replica.apply(stream, item);
    if (news.gap) return takeUpAgain(stream);
    if (isNew && stream == Stream::Own) m_witnesses.onItem(item);
    m_flows[stream == Stream::Public ? 0 : 1].backoff.reset();
    if (news.unsoundBook) mendBook(*news.unsoundBook);
    for (const api::Topic topic : news.topics) changed(topic);
    if (news.kept) learn(*news.kept);
    if (news.listing) m_seller.noteListing(*news.listing);
    if (news.sale) m_portions.note(*news.sale);
    checkWaits();
    if (news.sale) drive(*news.sale);
}

void Core::takeUpAgain(Stream stream) {
    Flow& flow = m_flows[stream == Stream::Public ? 0 : 1];
    if (std::exchange(flow.takingUp, true)) return;
    ++m_gaps;
    m_poster.postAfter(flow.backoff.nextMs(), [this, stream, &flow] {
        flow.takingUp = false;
        subscribe(stream, stream == Stream::Public ? m_public : m_own);
    });
}

void Core::mendBook(InstrumentId instrument) {
    m_coordinator.ask<wire::BookSnapshot>(
        wire::BookQuery{instrument, 10'000}, [this, instrument](Result<wire::BookSnapshot, wire::Problem> snapshot) {
            if (snapshot && m_replica.mend(*snapshot)) {
                ++m_resyncs;
                m_mendBackoff.reset();
                changed(api::Topic::Book);
                return;
            }
            m_poster.postAfter(m_mendBackoff.nextMs(), [this, instrument] { mendBook(instrument); });
        });
}

void Core::drive(SaleId sale) {
    const KnownSale* known = m_replica.sale(sale);
    if (known && m_replica.isRecalled(sale)) {
        const bool goesOn = known->last.payoutEntry && known->last.buyerKeys.identity == identity().key();
        if (goesOn) m_buyer.drive(*known);
        return;
    }
    if (!m_synced || !m_welcome || !known || !m_replica.holder()) return;
    if (known->last.seller == m_replica.holder()) m_seller.drive(*known);
    if (known->last.buyer == m_replica.holder()) m_buyer.drive(*known);
    m_trails.look(sale);
    checkWaits();
}

void Core::driveAgain(SaleId sale, std::int64_t delayMs) {
    m_poster.postAfter(delayMs, [this, sale] { drive(sale); });
}

void Core::recall(engine::SaleChanged sale) {
    const SaleId id = sale.sale;
    m_replica.recall(std::move(sale));
    drive(id);
    changed(api::Topic::Library);
    changed(api::Topic::Sales);
}

void Core::heard() {
    const bool mayHaveCountedAsGone = m_heardMs == 0 ? m_gaveUpWaiting : goneSinceMs(m_heardMs) != 0;
    m_heardMs = nowMs();
    m_isSilent = false;
    if (mayHaveCountedAsGone) changed(api::Topic::Sales);
}

void Core::lookWhetherGone() {
    m_isSilent = m_heardMs < m_lookedMs;
    m_lookedMs = nowMs();
    if (goneSinceMs(m_heardMs) != 0) changed(api::Topic::Sales);
    m_coordinator.ask<wire::Welcome>(wire::Hello{}, [this](const Result<wire::Welcome, wire::Problem>& welcome) {
        if (welcome) heard();
    });
    m_poster.postAfter(m_setup.goneLookMs, [this] { lookWhetherGone(); });
}

std::int64_t Core::goneSinceMs(std::int64_t toldMs) {
    std::int64_t heardMs = m_heardMs;
    if (heardMs == 0) {
        if (!m_gaveUpWaiting) return 0; // it may answer in a moment
        const HistoryKept* kept = m_diary ? m_diary->history() : nullptr;
        heardMs = std::max(toldMs, kept ? kept->heardMs.value_or(0) : 0);
    } else if (!m_isSilent || nowMs() - m_lookedMs >= 2 * m_setup.goneLookMs) {
        return 0; // it was there, or this machine has slept and not looked since
    }
    return nowMs() - heardMs >= kGoneAfterMs ? heardMs : 0;
}

void Core::until(std::function<bool()> condition, std::int64_t boundMs, std::function<void(bool)> then) {
    if (condition()) return then(true);
    const std::uint64_t id = ++m_lastWait;
    m_waits.push_back({id, std::move(condition), std::move(then)});
    m_poster.postAfter(boundMs, [this, id] {
        const auto found =
            std::find_if(m_waits.begin(), m_waits.end(), [id](const Wait& wait) { return wait.id == id; });
        if (found == m_waits.end()) return;
        const auto late = std::move(found->then);
        m_waits.erase(found);
        late(false);
    });
}

void Core::checkWaits() {
    std::vector<std::function<void(bool)>> held;
    std::erase_if(m_waits, [&](Wait& wait) {
        if (!wait.condition()) return false;
        held.push_back(std::move(wait.then));
        return true;
    });
    for (const auto& then : held) then(true);
}

void Core::fence(std::uint64_t sequence, std::function<void()> then) {
    wire::HistoryQuery query;
    query.eventType = engine::BalanceChanged::kType;
    query.limit = 1;
    query.minSequence = sequence;
    m_coordinator.ask<wire::HistoryPage>(query, [then = std::move(then)](const auto&) { then(); });
}

// --- commands ----------------------------------------------------------------------------------------------------

static bool takesCode(const engine::CommandBody& body) {
    return std::holds_alternative<engine::RequestWithdrawal>(body) ||
           std::holds_alternative<engine::ApproveWithdrawal>(body) ||
           std::holds_alternative<engine::AddPayoutAddress>(body) ||
           std::holds_alternative<engine::SetWithdrawalPolicy>(body) ||
           std::holds_alternative<engine::ApprovePolicyChange>(body);
}

void Core::command(engine::CommandBody body, Landed landed, std::function<void(api::Answer<std::uint64_t>)> then) {
    std::string code;
    if (takesCode(body)) std::swap(code, m_nextCode);
    // Whoever waits is told after a while; the command itself stays in the outbox until it is answered.
    const auto told = std::make_shared<bool>(false);
    const auto tell = [told, then = std::move(then)](api::Answer<std::uint64_t> answer) {
        if (!std::exchange(*told, true)) then(std::move(answer));
    };
    m_poster.postAfter(kReplyBoundMs, [tell] { tell(Err(Refusal{Problem::StillUnderWay, {}})); });
    m_outbox->submit(
        std::move(body),
        [this, landed = std::move(landed), tell](Result<wire::Submitted, Refusal> submitted) {
            if (!submitted) return tell(Err(submitted.error()));
            if (submitted->reply.refused != engine::Refused::No) return tell(Err(refusalOf(submitted->reply)));
            const std::uint64_t value = submitted->reply.value;
            fence(submitted->sequence, [this, landed, tell, value] {
                until([landed, value] { return !landed || landed(value); }, kLandBoundMs,
                      [tell, value](bool) { tell(value); });
            });
        },
        std::move(code));
    m_keeper->keepAll(); // an offer
}

void Core::commandOnly(engine::CommandBody body, const api::Done<void>& done) {
    command(
        std::move(body), [](std::uint64_t) { return true; },
        [done](const api::Answer<std::uint64_t>& value) {
            if (!value) return done(Err(value.error()));
            done({});
        });
}

void Core::commandSale(SaleId sale, engine::CommandBody body, engine::SaleState until, const api::Done<void>& done) {
    command(
        std::move(body),
        [this, sale, until](std::uint64_t) {
            const KnownSale* known = m_replica.sale(sale);
            return known && known->last.state == until;
        },
        [done](const api::Answer<std::uint64_t>& value) {
            if (!value) return done(Err(value.error()));
            done({});
        });
}

void Core::adoptHolder(HolderId holder) {
    if (m_replica.holder() == holder) return;
    m_replica.setHolder(holder);
    subscribe(Stream::Own, m_own);
    beginKeeping();
    changed(api::Topic::Account);
}

void Core::refreshHolder(std::function<void()> then) {
    if (m_replica.holder()) return then();
    m_coordinator.ask<wire::Welcome>(
        wire::Hello{}, [this, then = std::move(then)](Result<wire::Welcome, wire::Problem> welcome) {
            if (!welcome || !welcome->holder) return then();
            adoptHolder(welcome->holder);
            until([this] { return m_replica.registration() || !m_replica.users().empty(); }, kLandBoundMs,
                  [then](bool) { then(); });
        });
}

void Core::withHolder(std::function<void(api::Answer<HolderId>)> then) {
    if (m_replica.holder()) return then(m_replica.holder());
    if (!m_welcome) { // the coordinator has never answered: wait for it, within bounds
        until([this] { return m_welcome.has_value(); }, kSyncBoundMs,
              [this, then](bool held) {
                  if (held) return withHolder(then);
                  then(Err(Refusal{Problem::Unreachable, {}}));
              });
        return;
    }
    m_whenHolder.push_back(std::move(then));
    if (m_whenHolder.size() > 1) return; // on its way
    const auto finish = [this](const api::Answer<HolderId>& answer) {
        for (const auto& waiting : std::exchange(m_whenHolder, {})) waiting(answer);
    };
    refreshHolder([this, finish] {
        if (m_replica.holder()) return finish(m_replica.holder());
        registerHolder(m_setup.profileName, false, finish);
    });
}

void Core::registerHolder(const std::string& name, bool institution, std::function<void(api::Answer<HolderId>)> then) {
    const engine::RegisterHolder body{name, institution, identity().boxKey()};
    m_outbox->submit(body, [this, then = std::move(then)](Result<wire::Submitted, Refusal> submitted) {
        if (!submitted) return then(Err(submitted.error()));
        if (submitted->reply.refused != engine::Refused::No) return then(Err(refusalOf(submitted->reply)));
        const HolderId holder{submitted->reply.value};
        adoptHolder(holder);
        until([this] { return m_replica.registration() != nullptr; }, kLandBoundMs,
              [then, holder](bool) { then(holder); });
    });
}

} // namespace tallylock::party
