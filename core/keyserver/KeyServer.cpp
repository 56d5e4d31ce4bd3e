#include "core/keyserver/KeyServer.h"

#include "core/base/TaskThread.h"
#include "core/keyserver/Clerk.h"

#include <atomic>
#include <future>

namespace tallylock::keyserver {

using engine::Refused;
using ports::LinkError;
using LinkAnswer = Result<Bytes, LinkError>;

static constexpr std::size_t kMaxRequestSize = wire::kMaxEnvelopeSize;

namespace {

/// What a link's callbacks go through, so that none runs after the link is gone.
struct Caller {
    std::recursive_mutex mutex; // a callback may close its own link
    bool open = true;
    void deliver(const std::function<void(LinkAnswer)>& done, LinkAnswer answer) {
        const std::lock_guard lock(mutex);
        if (open) done(std::move(answer));
    }
};

class NoSubscription final : public ports::Subscription {};

} // namespace

class KeyServer::Worker : public std::enable_shared_from_this<Worker> {
public:
    explicit Worker(Options options)
        : m_files(options.files),
          m_queueLimit(options.queueLimit),
          m_firstRetryMs(options.firstRetryMs),
          m_lastRetryMs(options.lastRetryMs),
          m_firstLetterRetryMs(options.firstLetterRetryMs),
          m_lastLetterRetryMs(options.lastLetterRetryMs) {
        m_options.emplace(std::move(options));
    }
    ~Worker() { stop(); }

    Result<void, ports::StoreFailure> start();
    void stop();
    void setCoordinator(std::unique_ptr<ports::Link> link);
    void request(const IdentityKey& who, std::shared_ptr<Caller> caller, Bytes frame,
                 std::function<void(LinkAnswer)> done);
    std::optional<Standing> standing(std::chrono::milliseconds patience);

private:
    // On the thread.
    Result<void, ports::StoreFailure> open();
    using Answered = std::function<void(const wire::Answer&)>;
    void answer(const IdentityKey& who, ByteView frame, const Answered& answered);
    void read(const Reading& reading, const Answered& answered);
    void check(const Hash& terms);
    void tryCheck(const Hash& terms, std::int64_t retryMs);
    void checkTried(const Hash& terms, std::int64_t retryMs);
    /// Without a problem and leaves: to be tried again.
    struct Checked {
        std::optional<Leaves> leaves;
        std::optional<wire::FrameProblem> problem;
    };
    static Checked checkWhole(ports::FileStore& files, const CheckJob& job, JobControl& control);
    void checked(const CheckJob& job, const Checked& found, std::int64_t retryMs);
    void sendCommands();
    void commandAnswered(std::uint64_t item, const LinkAnswer& answer);
    void retryCommand(std::uint64_t item, bool anew);
    void sendLetters();
    void letterSent(const WishId& wish, const ports::LetterOutcome& outcome);

    std::optional<Options> m_options; // until open()
    ports::FileStore& m_files;
    const std::size_t m_queueLimit;
    const std::int64_t m_firstRetryMs;
    const std::int64_t m_lastRetryMs;
    const std::int64_t m_firstLetterRetryMs;
    const std::int64_t m_lastLetterRetryMs;
    std::atomic<bool> m_stopping{false};
    JobControl m_control;
    std::unique_ptr<Clerk> m_clerk;
    std::unique_ptr<ports::Link> m_coordinator;
    bool m_inFlight = false;
    std::map<std::uint64_t, std::int64_t> m_waiting; // items that were not taken, and how long each waits
    std::set<std::uint64_t> m_asleep;
    bool m_letterInFlight = false;
    std::map<WishId, std::int64_t> m_letterPauses; // of letters that were not taken
    std::set<WishId> m_sleepingLetters;
    std::set<Hash> m_underCheck; // by terms: until the deposit is wrapped or refused
    TaskThread m_checker;
    TaskThread m_reader;
    TaskThread m_postman;
    TaskThread m_thread;
};

Result<void, ports::StoreFailure> KeyServer::Worker::start() {
    std::promise<Result<void, ports::StoreFailure>> opened;
    m_thread.post([&] { opened.set_value(open()); });
    return opened.get_future().get();
}

Result<void, ports::StoreFailure> KeyServer::Worker::open() {
    Options options = std::move(*m_options);
    m_options.reset();
    auto first = options.openFirstParts();
    if (!first) return Err(first.error());
    auto second = options.openSecondParts();
    if (!second) return Err(second.error());
    auto state = options.openState();
    if (!state) return Err(state.error());
    auto book = KeyBook::open({std::move(*first), std::move(*second), std::move(*state)});
    if (!book) return Err(book.error());
    m_clerk = std::make_unique<Clerk>(std::move(options.identity), std::move(options.master),
                                      std::move(options.depositFolder), std::move(*book), m_files, options.random,
                                      std::move(options.couriers), std::move(options.clock));
    for (const Hash& terms : m_clerk->unfinished()) check(terms);
    sendLetters();
    return {};
}

void KeyServer::Worker::stop() {
    if (m_stopping.exchange(true)) return;
    m_control.interrupt();
    // Journals and the coordinator's link end on the thread that used them.
    m_checker.stop();
    m_reader.stop();
    m_postman.stop(); // whatever it has in hand ends early; sent or not, it is tried again at the next start
    std::promise<void> ended;
    const bool posted = m_thread.post([&] {
        m_coordinator.reset();
        m_clerk.reset();
        ended.set_value();
    });
    if (posted) ended.get_future().wait();
    m_thread.stop();
}

void KeyServer::Worker::setCoordinator(std::unique_ptr<ports::Link> link) {
    auto shared = std::make_shared<std::unique_ptr<ports::Link>>(std::move(link));
    m_thread.post([this, shared] {
        m_coordinator = std::move(*shared);
        sendCommands();
    });
}

void KeyServer::Worker::request(const IdentityKey& who, std::shared_ptr<Caller> caller, Bytes frame,
                                std::function<void(LinkAnswer)> done) {
    if (m_stopping) return caller->deliver(done, Err(LinkError::Closed));
    if (frame.size() > kMaxRequestSize) return caller->deliver(done, Err(LinkError::TooLarge));
    // The task answers when it runs; if it is dropped at the end instead, its guard says Closed.
    struct Pending {
        std::shared_ptr<Caller> caller;
        std::function<void(LinkAnswer)> done;
        ~Pending() {
            if (done) caller->deliver(done, Err(LinkError::Closed));
        }
        void answer(LinkAnswer answer) { caller->deliver(std::exchange(done, nullptr), std::move(answer)); }
    };
    auto pending = std::make_shared<Pending>();
    pending->caller = std::move(caller);
    pending->done = std::move(done);
    const bool taken = m_thread.post(
        [this, who, pending, frame = std::move(frame)] {
            if (!m_clerk) return pending->answer(Err(LinkError::Closed));
            answer(who, frame, [pending](const wire::Answer& given) { pending->answer(encodeCbor(given)); });
        },
        m_queueLimit);
    if (!taken) pending->answer(Err(m_stopping ? LinkError::Closed : LinkError::Busy));
}

std::optional<Standing> KeyServer::Worker::standing(std::chrono::milliseconds patience) {
    auto told = std::make_shared<std::promise<std::optional<Standing>>>();
    auto answer = told->get_future();
    m_thread.post([this, told] { told->set_value(m_clerk ? std::optional(m_clerk->standing()) : std::nullopt); });
    told.reset(); // so that a task that is dropped ends the waiting
    if (answer.wait_for(patience) != std::future_status::ready) return std::nullopt;
    try {
        return answer.get();
    } catch (const std::future_error&) {
        return std::nullopt; // it is stopping
    }
}

void KeyServer::Worker::answer(const IdentityKey& who, ByteView frame, const Answered& answered) {
    const auto request = decodeCbor<wire::Request>(frame);
    if (!request) return answered(wire::Problem{wire::FrameProblem::Malformed, nameOf(request.error())});
    const Step step = m_clerk->answer(who, *request);
    if (const auto* reading = std::get_if<Reading>(&step)) return read(*reading, answered);
    const auto& given = std::get<wire::Answer>(step);
    const auto* deposit = std::get_if<wire::Deposit>(&*request);
    if (deposit && std::holds_alternative<wire::Accepted>(given)) check(deposit->terms);
    answered(given);
    if (std::holds_alternative<wire::Release>(*request) || std::holds_alternative<wire::GivePart1>(*request) ||
        std::holds_alternative<wire::JudgeRequest>(*request))
        sendCommands();
    if (std::holds_alternative<wire::Release>(*request) || std::holds_alternative<wire::SetCourier>(*request))
        sendLetters();
}

// --- what is read on a thread of its own, so that it waits for no whole file
// -------------------------------------------

void KeyServer::Worker::read(const Reading& reading, const Answered& answered) {
    const bool taken = m_reader.post(
        [this, reading, answered] {
            m_thread.post([this, answered, answer = reading(m_control)] {
                if (!m_clerk) return;
                answered(answer());
                sendCommands(); // a verdict, if that was asked for
            });
        },
        m_queueLimit);
    if (!taken) answered(wire::Problem{wire::FrameProblem::Busy, {}});
}

// --- B4: the check on its own thread, its outcome back on the worker -------------------------------------------------

KeyServer::Worker::Checked KeyServer::Worker::checkWhole(ports::FileStore& files, const CheckJob& job,
                                                         JobControl& control) {
    const auto file = StoredFile::open(files, job.claim.sealedRoot);
    if (!file || file->size() == 0) return {};
    if (file->size() != job.sealedSize) return {{}, wire::FrameProblem::StoredFileAltered};
    asset::Work work;
    work.control = &control;
    auto whole = checkStored(files, job.secrets, job.claim, work);
    if (whole) return {Leaves{std::move(whole->sealedLeaves), std::move(whole->plainLeaves)}, {}};
    if (whole.error() == wire::FrameProblem::SealedFileMissing) return {};
    return {{}, whole.error()};
}

/// A deposit that is sent again does not have the file read once more.
void KeyServer::Worker::check(const Hash& terms) {
    if (m_underCheck.insert(terms).second) tryCheck(terms, m_firstRetryMs);
}

void KeyServer::Worker::tryCheck(const Hash& terms, std::int64_t retryMs) {
    auto next = m_clerk->nextCheck(terms);
    if (!next) return checkTried(terms, retryMs); // it may have just finished
    auto job = std::make_shared<CheckJob>(std::move(*next));
    m_checker.post([this, job, retryMs] {
        auto found = std::make_shared<Checked>(checkWhole(m_files, *job, m_control));
        m_thread.post([this, job, found, retryMs] { checked(*job, *found, retryMs); });
    });
}

void KeyServer::Worker::checked(const CheckJob& job, const Checked& found, std::int64_t retryMs) {
    if (!m_clerk) return;
    if (found.leaves)
        m_clerk->checkPassed(job, *found.leaves);
    else if (found.problem)
        m_clerk->checkFailed(job.terms, *found.problem);
    checkTried(job.terms, retryMs);
}

/// What a missing file or a full disk has kept from ending goes on later.
void KeyServer::Worker::checkTried(const Hash& terms, std::int64_t retryMs) {
    if (!m_clerk->isUnfinished(terms)) {
        m_underCheck.erase(terms);
    } else if (!m_stopping) {
        m_thread.postLater(retryMs, [this, terms, retryMs] {
            if (m_clerk) tryCheck(terms, std::min(retryMs * 2, m_lastRetryMs));
        });
    }
    sendCommands();
}

// --- outbox: one command under way at a time, those of one sale in order --------------------------------------------

void KeyServer::Worker::sendCommands() {
    if (m_inFlight || !m_coordinator || !m_clerk) return;
    std::set<SaleId> blocked;
    for (const auto& [item, command] : m_clerk->outbox()) {
        if (!blocked.insert(command.sale).second || m_asleep.contains(item)) continue;
        m_inFlight = true;
        const wire::Request submit = wire::Submit{command.envelope};
        // The answer may come when the link, and this, have long ended.
        m_coordinator->request(encodeCbor(submit), [self = weak_from_this(), item = item](LinkAnswer answer) {
            const auto worker = self.lock();
            if (!worker) return;
            auto kept = std::make_shared<LinkAnswer>(std::move(answer));
            worker->m_thread.post([raw = worker.get(), item, kept] { raw->commandAnswered(item, *kept); });
        });
        return;
    }
}

/// The sale has not come far enough: B3's notice is on its way, or B10's receipt is still being made known.
/// A sale that has ended is refused otherwise, or named as ended.
static bool mayComeLater(const engine::Reply& reply) {
    if (reply.refused != Refused::SaleWrongState) return false;
    using escrow::SaleState;
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(SaleState::kCount); ++i) {
        const auto state = static_cast<SaleState>(i);
        const bool isOver = escrow::isTerminal(state) || state == SaleState::Refunding || state == SaleState::Disputed;
        if (isOver && reply.detail == escrow::nameOf(state)) return false;
    }
    return true;
}

void KeyServer::Worker::commandAnswered(std::uint64_t item, const LinkAnswer& answer) {
    m_inFlight = false;
    if (!m_clerk) return;
    const auto decoded = answer ? decodeCbor<wire::Answer>(*answer) : Result<wire::Answer, CborError>(Err(CborError{}));
    const auto* submitted = decoded ? std::get_if<wire::Submitted>(&*decoded) : nullptr;
    if (!submitted) {
        retryCommand(item, false);
    } else if (mayComeLater(submitted->reply)) {
        retryCommand(item, true);
    } else {
        m_clerk->commandAnswered(item, submitted->reply.refused);
        m_waiting.erase(item);
    }
    sendCommands();
}

void KeyServer::Worker::retryCommand(std::uint64_t item, bool anew) {
    auto [entry, fresh] = m_waiting.emplace(item, m_firstRetryMs);
    if (!fresh) entry->second = std::min(entry->second * 2, m_lastRetryMs);
    m_asleep.insert(item);
    m_thread.postLater(entry->second, [this, item, anew] {
        m_asleep.erase(item);
        if (!m_clerk) return;
        if (anew) m_clerk->signAnew(item);
        sendCommands();
    });
}

// --- letters: one under way at a time --------------------------------------------------------------------------------

void KeyServer::Worker::sendLetters() {
    if (m_letterInFlight || m_stopping) return;
    auto next = m_clerk->nextLetter(m_sleepingLetters);
    if (!next) return;
    m_letterInFlight = true;
    const auto job = std::make_shared<LetterJob>(std::move(*next));
    const auto* untold = m_clerk->couriers().untold(job->wish); // it is out already
    if (untold) return letterSent(job->wish, ports::LetterOutcome(*untold));
    m_postman.post([this, job] {
        const auto outcome = job->courier->send(job->letter, m_control);
        m_thread.post([this, job, outcome] { letterSent(job->wish, outcome); });
    });
}

void KeyServer::Worker::letterSent(const WishId& wish, const ports::LetterOutcome& outcome) {
    m_letterInFlight = false;
    if (!m_clerk) return;
    const bool isKept = m_clerk->couriers().sent(wish, outcome);
    if (isKept && !m_clerk->couriers().isOpen(wish)) {
        m_letterPauses.erase(wish);
        return sendLetters();
    }
    auto [entry, fresh] = m_letterPauses.emplace(wish, m_firstLetterRetryMs);
    if (!fresh) entry->second = std::min(entry->second * 2, m_lastLetterRetryMs);
    m_sleepingLetters.insert(wish);
    m_thread.postLater(entry->second, [this, wish] {
        m_sleepingLetters.erase(wish);
        if (m_clerk) sendLetters();
    });
    sendLetters();
}

// --- links ---------------------------------------------------------------------------------------------------------

Result<std::unique_ptr<KeyServer>, ports::StoreFailure> KeyServer::start(Options options) {
    const IdentityKey key = options.identity.key();
    const BoxKey box = options.identity.boxKey();
    auto worker = std::make_shared<Worker>(std::move(options));
    if (auto started = worker->start(); !started) return Err(started.error());
    std::unique_ptr<KeyServer> server(new KeyServer(std::move(worker)));
    server->m_key = key;
    server->m_boxKey = box;
    return server;
}

KeyServer::~KeyServer() { m_worker->stop(); }

void KeyServer::setCoordinator(std::unique_ptr<ports::Link> link) { m_worker->setCoordinator(std::move(link)); }

std::optional<Standing> KeyServer::standing(std::chrono::milliseconds patience) const {
    return m_worker->standing(patience);
}

std::unique_ptr<ports::Link> KeyServer::connect(const IdentityKey& who) {
    class ClientLink final : public ports::Link {
    public:
        ClientLink(std::shared_ptr<Worker> worker, const IdentityKey& owner)
            : m_worker(std::move(worker)),
              m_who(owner) {}
        ~ClientLink() override {
            const std::lock_guard lock(m_caller->mutex);
            m_caller->open = false;
        }
        void request(Bytes frame, std::function<void(LinkAnswer)> done) override {
            m_worker->request(m_who, m_caller, std::move(frame), std::move(done));
        }
        std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                       std::function<void(const wire::StreamItem&)>) override {
            return std::make_unique<NoSubscription>(); // a key server tells nothing by itself
        }

    private:
        std::shared_ptr<Worker> m_worker;
        IdentityKey m_who;
        std::shared_ptr<Caller> m_caller = std::make_shared<Caller>();
    };
    return std::make_unique<ClientLink>(m_worker, who);
}

} // namespace tallylock::keyserver
