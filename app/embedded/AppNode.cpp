#include "app/embedded/AppNode.h"

#include "app/embedded/FirstContact.h"
#include "app/embedded/LocalReach.h"
#include "app/embedded/MediaHelper.h"
#include "app/embedded/PracticeCounterparty.h"
#include "app/embedded/Profiles.h"
#include "app/embedded/RemoteReach.h"
#include "app/embedded/SystemKeychain.h"
#include "app/servers/Refusals.h"
#include "core/keys/Fingerprint.h"
#include "core/party/Party.h"
#include "core/party/Problems.h"
#include "core/party/RowMaker.h"
#include "core/store/SqliteJournal.h"

#include <atomic>

namespace tallylock::app {

using api::Answer;
using api::Done;
using api::Problem;
using api::Refusal;
using SessionPointer = std::shared_ptr<api::Session>;

namespace {

/// Sessions and threads may outlive the node, so what they refer to is never destroyed.
Clock& systemClock() {
    static auto* const clock = new SystemClock;
    return *clock;
}
Random& nodeRandom() {
    static auto* const random = new SystemRandom;
    return *random;
}

} // namespace

/// A party with the lock of its folder, which is released last.
struct OpenProfile {
    std::optional<store::FolderLock> lock; ///< none when it has been locked away
    party::Party party;
    OpenProfile(store::FolderLock taken, party::Setup setup) : lock(std::move(taken)), party(std::move(setup)) {}
    void end() {
        party.end();
        lock.reset();
    }
};

struct AppNode::Inside {
    explicit Inside(NodeOptions given)
        : options(std::move(given)),
          profiles(options.folder / "profiles", nodeRandom(), options.vaultCost, keychain),
          media(std::make_shared<MediaHelper>(options.mediaProgram.empty() ? findMediaProgram()
                                                                           : options.mediaProgram)) {}

    /// Runs on the node's thread, unless the node is gone by then.
    using Post = std::function<void(std::function<void()>)>;
    Post poster() const {
        return [executor = options.executor, guard = watchAlive](std::function<void()> task) {
            executor([guard, task = std::move(task)] {
                if (!guard.expired()) task();
            });
        };
    }
    void post(std::function<void()> task) const { poster()(std::move(task)); }
    std::string partyFolder(const UnlockedProfile& profile) const;
    std::shared_ptr<OpenProfile> makeParty(UnlockedProfile profile, const api::Executor& executor);
    void unlock(const std::string& name, std::function<Answer<UnlockedProfile>()> act, Done<SessionPointer> done);
    void finishUnlock(Answer<UnlockedProfile> profile, const Done<SessionPointer>& done);
    template <class Reply>
    void ask(const wire::Request& request, std::function<void(Answer<Reply>)> done);
    Answer<void> startServing();
    Answer<void> reachOut();
    void startCounterparty(Done<void> done);
    /// Null unless the profile is open here.
    std::shared_ptr<OpenProfile> openProfile(const std::string& name) const;

    NodeOptions options;
    std::shared_ptr<int> alive = std::make_shared<int>(0); ///< touched on the node's thread alone
    const std::weak_ptr<int> watchAlive = alive;           ///< what other threads copy
    SystemKeychain keychain;
    Profiles profiles;
    std::unique_ptr<Reach> reach;
    LocalReach* local = nullptr; ///< the same, where the servers are in this process
    std::unique_ptr<PracticeCounterparty> counterparty;
    std::map<std::string, std::weak_ptr<OpenProfile>> open;
    std::map<std::string, std::shared_ptr<OpenProfile>> starting;
    TaskThread vaultThread;
    std::shared_ptr<MediaHelper> media;
    TaskThread lookThread;
    std::atomic<bool> isStopping{false}; ///< whoever looks for a coordinator is to stop
    TaskThread contactThread;
};

// --- life ----------------------------------------------------------------------------------------------------------

AppNode::AppNode(std::unique_ptr<Inside> inside) : m_inside(std::move(inside)) {}

AppNode::~AppNode() {
    m_inside->alive.reset();
    m_inside->media->stop();
    m_inside->lookThread.stop();
    m_inside->isStopping = true;
    m_inside->contactThread.stop();
    m_inside->vaultThread.stop();
    m_inside->starting.clear();
    m_inside->counterparty.reset();
    m_inside->reach.reset();
}

Answer<std::unique_ptr<AppNode>> AppNode::start(NodeOptions options) {
    if (!options.practice) return Err(Refusal{Problem::NotAvailable, "no other rail than practice"});
    if (!options.clock) options.clock = &systemClock();
    auto inside = std::make_unique<Inside>(std::move(options));
    const auto started = inside->options.coordinator ? inside->reachOut() : inside->startServing();
    if (!started) return Err(started.error());
    return std::unique_ptr<AppNode>(new AppNode(std::move(inside)));
}

Answer<void> AppNode::Inside::startServing() {
    const auto outageMs = options.skipsTime ? std::nullopt : std::optional(engine::kOutageMs);
    auto servers =
        startServers(options.folder, options.practiceBlockMs, options.silence, outageMs, *options.clock, nodeRandom());
    if (!servers) return Err(servers.error());
    auto made = std::make_unique<LocalReach>(std::move(*servers), *options.clock, poster(),
                                             [this](Done<void> done) { startCounterparty(std::move(done)); });
    local = made.get();
    reach = std::move(made);
    return {};
}

Answer<void> AppNode::Inside::reachOut() {
    if (auto made = makeFolder(options.folder); !made) return made;
    if (auto made = makeFolder(options.folder / "profiles"); !made) return made;
    reach = std::make_unique<RemoteReach>(*options.coordinator, poster(), nodeRandom());
    return {};
}

// --- questions to the coordinator ------------------------------------------------------------------------------------

template <class Reply>
void AppNode::Inside::ask(const wire::Request& request, std::function<void(Answer<Reply>)> done) {
    // The answer may come when the link, and this, have ended.
    reach->ownLink().request(encodeCbor(request),
                             [post = poster(), done = std::move(done)](Result<Bytes, ports::LinkError> bytes) {
                                 Answer<Reply> reply = Err(Refusal{Problem::Internal, "the coordinator's answer"});
                                 if (!bytes) {
                                     reply = Err(refusalOf(bytes.error()));
                                 } else if (const auto answer = decodeCbor<wire::Answer>(*bytes)) {
                                     if (const auto* wanted = std::get_if<Reply>(&*answer)) reply = *wanted;
                                 }
                                 post([done, reply] { done(reply); });
                             });
}

void AppNode::info(Done<api::NodeInfo> done) {
    m_inside->ask<wire::Welcome>(wire::Hello{}, [this, done = std::move(done)](Answer<wire::Welcome> welcome) {
        if (!welcome) return done(Err(welcome.error()));
        api::NodeInfo info;
        info.practice = m_inside->reach->practice() != nullptr;
        info.coordinator = m_inside->reach->place();
        info.version = TALLYLOCK_VERSION;
        info.folder = m_inside->options.folder.string();
        info.coordinatorWords = keys::Fingerprint::of(m_inside->reach->coordinator()).words();
        info.keyServerWords = keys::Fingerprint::of(m_inside->reach->keyServer()).words();
        info.journalSeq = welcome->sequence;
        info.journalHead = welcome->head;
        done(info);
    });
}

void AppNode::trialBalance(Done<std::vector<api::TrialBalanceRow>> done) {
    m_inside->ask<wire::TrialBalance>(wire::TrialBalanceQuery{},
                                      [done = std::move(done)](Answer<wire::TrialBalance> balance) {
                                          if (!balance) return done(Err(balance.error()));
                                          std::vector<api::TrialBalanceRow> rows;
                                          for (const wire::TrialBalanceLine& line : balance->lines) {
                                              const auto sum = line.debits + line.credits;
                                              if (!sum) return done(Err(Refusal{Problem::AmountOverflow, {}}));
                                              rows.push_back({line.debits.unit, line.debits, line.credits, *sum});
                                          }
                                          done(std::move(rows));
                                      });
}

api::Operator* AppNode::operatorDesk() { return m_inside->reach->operatorDesk(); }

// --- which coordinator ---------------------------------------------------------------------------------------------

std::optional<api::CoordinatorRow> AppNode::coordinator() const { return m_inside->reach->place(); }

void AppNode::findCoordinator(std::string address, Done<api::FoundCoordinator> done) {
    m_inside->contactThread.post([inside = m_inside.get(), address = std::move(address), done = std::move(done)] {
        auto found = lookForCoordinator(address, nodeRandom(), inside->isStopping);
        inside->post([done, found = std::move(found)] { done(found); });
    });
}

Answer<void> AppNode::useCoordinator(const std::optional<api::CoordinatorRow>& coordinator) {
    return writeCoordinator(m_inside->options.folder.string(), coordinator);
}

// --- phrases ---------------------------------------------------------------------------------------------------------

SecretBytes AppNode::newPhrase(int words) {
    assert(words == 12 || words == 24);
    return keys::SeedPhrase::create(nodeRandom(), static_cast<std::size_t>(words)).text();
}

Answer<void> AppNode::checkPhrase(ByteView phrase) {
    const auto parsed = keys::SeedPhrase::parse({reinterpret_cast<const char*>(phrase.data()), phrase.size()});
    if (!parsed) return Err(refusalOf(parsed.error()));
    return {};
}

std::vector<std::string> AppNode::phraseWords(std::string_view prefix, std::size_t limit) {
    const auto words = keys::wordsStartingWith(prefix, limit);
    return {words.begin(), words.end()};
}

bool AppNode::isPhraseWord(std::string_view word) { return keys::isPhraseWord(word); }

// --- files -----------------------------------------------------------------------------------------------------------

static api::FileLook fileLookOf(ports::MediaLook found) {
    api::FileLook look;
    look.mediaType = std::move(found.mediaType);
    if (found.picture) look.picture = {found.picture->width, found.picture->height, std::move(found.picture->rgba)};
    look.lines = std::move(found.lines);
    look.markForm = party::markFormOf(found.markForm);
    look.marked = found.marked;
    if (found.noPicture) look.trouble = api::nameOf(party::problemOf(*found.noPicture));
    return look;
}

void AppNode::lookInto(std::string path, Done<api::FileLook> done) {
    m_inside->lookThread.post(
        [media = m_inside->media, post = m_inside->poster(), path = std::move(path), done = std::move(done)] {
            auto found = media->look(path);
            post([found = std::move(found), done] {
                if (!found) return done(Err(Refusal{party::problemOf(found.error()), ports::nameOf(found.error())}));
                done(fileLookOf(*found));
            });
        });
}

// --- profiles --------------------------------------------------------------------------------------------------------

std::vector<api::ProfileRow> AppNode::profiles() {
    std::vector<api::ProfileRow> rows = m_inside->profiles.rows();
    for (api::ProfileRow& row : rows) row.open = m_inside->openProfile(row.name) != nullptr;
    return rows;
}

std::shared_ptr<OpenProfile> AppNode::Inside::openProfile(const std::string& name) const {
    const auto found = open.find(name);
    auto profile = found == open.end() ? nullptr : found->second.lock();
    return profile && profile->lock ? profile : nullptr;
}

/// What a person does with one coordinator has nothing to do with another.
std::string AppNode::Inside::partyFolder(const UnlockedProfile& profile) const {
    if (!reach->place()) return profile.folder;
    const std::string folder = profile.folder + "/at-" + reach->coordinator().hex().substr(0, 16);
    (void)makeFolder(folder); // else the journal says why
    return folder;
}

std::shared_ptr<OpenProfile> AppNode::Inside::makeParty(UnlockedProfile profile, const api::Executor& executor) {
    const std::string folder = partyFolder(profile);
    const std::string journal = folder + "/journal.sqlite";
    Ways ways = reach->waysFor(profile.identity);
    party::Setup setup{std::move(profile.identity),
                       profile.name,
                       folder,
                       [journal] { return store::SqliteJournal::open(journal); },
                       std::move(ways.coordinator),
                       std::move(ways.keyServer),
                       std::move(ways.files),
                       reach->keyServer(),
                       *options.clock,
                       nodeRandom(),
                       executor,
                       media};
    setup.peers = std::move(ways.peers);
    setup.standby = std::move(ways.standby);
    setup.reachability = std::move(ways.reachability);
    setup.standbyIdentity = reach->standby();
    return std::make_shared<OpenProfile>(std::move(profile.lock), std::move(setup));
}

/// Deriving keys from passphrases takes its time, so it has its own thread.
void AppNode::Inside::unlock(const std::string& name, std::function<Answer<UnlockedProfile>()> act,
                             Done<SessionPointer> done) {
    if (openProfile(name))
        return post([done = std::move(done), name] { done(Err(Refusal{Problem::ProfileInUse, name})); });
    vaultThread.post([this, act = std::move(act), done = std::move(done)] {
        auto profile = std::make_shared<Answer<UnlockedProfile>>(act());
        post([this, profile, done] { finishUnlock(std::move(*profile), done); });
    });
}

void AppNode::Inside::finishUnlock(Answer<UnlockedProfile> profile, const Done<SessionPointer>& done) {
    if (!profile) return done(Err(profile.error()));
    const std::string name = profile->name;
    const auto made = makeParty(std::move(*profile), options.executor);
    open[name] = made;
    // Not held by the callback, a copy of which ends on the party's own thread.
    starting[name] = made;
    made->party.start([this, name, done](Answer<void> started) {
        const auto ready = std::move(starting[name]);
        starting.erase(name);
        if (!started) return done(Err(started.error()));
        done(SessionPointer(ready, &ready->party));
    });
}

void AppNode::createProfile(api::NewProfile profile, Done<SessionPointer> done) {
    // std::function wants to be copied, which a secret does not; this one exists once.
    const auto wanted = std::make_shared<api::NewProfile>(std::move(profile));
    m_inside->unlock(
        wanted->name, [profiles = &m_inside->profiles, wanted] { return profiles->create(*wanted); }, std::move(done));
}

void AppNode::openProfile(std::string name, SecretBytes passphrase, Done<SessionPointer> done) {
    const auto secret = std::make_shared<SecretBytes>(std::move(passphrase));
    m_inside->unlock(
        name, [profiles = &m_inside->profiles, name, secret] { return profiles->open(name, *secret); },
        std::move(done));
}

void AppNode::lockProfile(const std::string& name) {
    if (const auto profile = m_inside->openProfile(name)) profile->end();
}

void AppNode::changeKeeping(std::string name, SecretBytes passphrase, api::Keeping keeping, SecretBytes fresh,
                            Done<void> done) {
    const auto secrets = std::make_shared<std::pair<SecretBytes, SecretBytes>>(std::move(passphrase), std::move(fresh));
    const bool openHere = m_inside->openProfile(name) != nullptr;
    m_inside->vaultThread.post([inside = m_inside.get(), name, keeping, secrets, openHere, done = std::move(done)] {
        auto changed = inside->profiles.changeKeeping(name, secrets->first, keeping, secrets->second, openHere);
        inside->post([done, changed] { done(changed); });
    });
}

void AppNode::checkKeychain(Done<void> done) {
    m_inside->vaultThread.post([inside = m_inside.get(), done = std::move(done)] {
        const auto works = tryKeychain(inside->keychain, nodeRandom());
        inside->post([done, works] {
            if (works) return done({});
            done(Err(Refusal{Problem::KeychainUnavailable, works.error().detail}));
        });
    });
}

// --- practice --------------------------------------------------------------------------------------------------------

api::Practice* AppNode::practice() { return m_inside->reach->practice(); }

void AppNode::Inside::startCounterparty(Done<void> done) {
    if (counterparty) return post([done = std::move(done)] { done({}); });
    auto unlocked = profiles.openCounterparty();
    if (!unlocked) return post([done = std::move(done), refusal = unlocked.error()] { done(Err(refusal)); });
    const std::string workFolder = unlocked->folder;
    const auto profile = std::make_shared<UnlockedProfile>(std::move(*unlocked));
    counterparty = std::make_unique<PracticeCounterparty>(
        [this, profile](api::Executor executor) -> Answer<SessionPointer> {
            const auto made = makeParty(std::move(*profile), executor);
            made->party.start([](Answer<void>) {});
            return SessionPointer(made, &made->party);
        },
        [this](api::Executor executor) {
            return std::make_unique<PracticeHands>(local->world(), std::move(executor), nullptr);
        },
        [this](SaleId sale, const api::Amount& toBuyer, const std::string& reason) {
            local->operatorDesk()->decideDispute(sale, toBuyer, reason, [](const Answer<void>&) {});
        },
        workFolder, [this, done](Answer<void> started) { post([done, started] { done(started); }); });
}

} // namespace tallylock::app
