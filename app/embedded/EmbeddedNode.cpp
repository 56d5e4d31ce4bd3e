#include "app/embedded/EmbeddedNode.h"

#include "app/embedded/MediaHelper.h"
#include "app/embedded/OperatorDesk.h"
#include "app/embedded/PracticeCounterparty.h"
#include "app/embedded/PracticeHands.h"
#include "app/embedded/Profiles.h"
#include "app/embedded/Refusals.h"
#include "app/embedded/Servers.h"
#include "app/embedded/SystemKeychain.h"
#include "core/keys/Fingerprint.h"
#include "core/party/Party.h"
#include "core/party/PeerBoard.h"
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

struct EmbeddedNode::Inside {
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
    std::shared_ptr<OpenProfile> makeParty(UnlockedProfile profile, const api::Executor& executor);
    void unlock(const std::string& name, std::function<Answer<UnlockedProfile>()> act, Done<SessionPointer> done);
    void finishUnlock(Answer<UnlockedProfile> profile, const Done<SessionPointer>& done);
    template <class Reply>
    void ask(const wire::Request& request, std::function<void(Answer<Reply>)> done);
    void startCounterparty(Done<void> done);
    /// Null unless the profile is open here.
    std::shared_ptr<OpenProfile> openProfile(const std::string& name) const;

    NodeOptions options;
    std::shared_ptr<int> alive = std::make_shared<int>(0); ///< touched on the node's thread alone
    const std::weak_ptr<int> watchAlive = alive;           ///< what other threads copy
    SystemKeychain keychain;
    Profiles profiles;
    std::unique_ptr<Servers> servers;
    std::unique_ptr<ports::Link> ownLink;
    std::unique_ptr<OperatorDesk> desk;
    std::unique_ptr<PracticeHands> hands;
    std::unique_ptr<PracticeCounterparty> counterparty;
    std::map<std::string, std::weak_ptr<OpenProfile>> open;
    std::map<std::string, std::shared_ptr<OpenProfile>> starting;
    TaskThread vaultThread;
    std::shared_ptr<MediaHelper> media;
    const std::shared_ptr<party::PeerBoard> peers = party::PeerBoard::make();
    TaskThread lookThread;
};

// --- life ----------------------------------------------------------------------------------------------------------

EmbeddedNode::EmbeddedNode(std::unique_ptr<Inside> inside) : m_inside(std::move(inside)) {}

EmbeddedNode::~EmbeddedNode() {
    m_inside->alive.reset();
    m_inside->media->stop();
    m_inside->lookThread.stop();
    m_inside->vaultThread.stop();
    m_inside->starting.clear();
    m_inside->counterparty.reset();
    m_inside->desk.reset();
    m_inside->hands.reset();
}

Answer<std::unique_ptr<EmbeddedNode>> EmbeddedNode::start(NodeOptions options) {
    if (!options.practice) return Err(Refusal{Problem::NotAvailable, "no other rail than practice"});
    if (!options.clock) options.clock = &systemClock();
    auto inside = std::make_unique<Inside>(std::move(options));
    Clock& clock = *inside->options.clock;
    auto servers = startServers(inside->options.folder, inside->options.practiceBlockMs, inside->options.silence, clock,
                                nodeRandom());
    if (!servers) return Err(servers.error());
    inside->servers = std::move(*servers);
    inside->ownLink = inside->servers->host->connect(inside->servers->coordinatorKey);
    inside->desk =
        std::make_unique<OperatorDesk>(*inside->servers->host, *inside->servers->arbiter, clock, inside->poster());
    inside->hands = std::make_unique<PracticeHands>(
        *inside->servers->world, inside->poster(),
        [raw = inside.get()](Done<void> done) { raw->startCounterparty(std::move(done)); });
    return std::unique_ptr<EmbeddedNode>(new EmbeddedNode(std::move(inside)));
}

// --- questions to the coordinator ------------------------------------------------------------------------------------

template <class Reply>
void EmbeddedNode::Inside::ask(const wire::Request& request, std::function<void(Answer<Reply>)> done) {
    // The answer may come when the link, and this, have ended.
    ownLink->request(encodeCbor(request),
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

void EmbeddedNode::info(Done<api::NodeInfo> done) {
    m_inside->ask<wire::Welcome>(wire::Hello{}, [this, done = std::move(done)](Answer<wire::Welcome> welcome) {
        if (!welcome) return done(Err(welcome.error()));
        api::NodeInfo info;
        info.practice = true;
        info.version = TALLYLOCK_VERSION;
        info.folder = m_inside->options.folder.string();
        info.coordinatorWords = keys::Fingerprint::of(m_inside->servers->coordinatorKey).words();
        info.keyServerWords = keys::Fingerprint::of(m_inside->servers->keyServer->key()).words();
        info.journalSeq = welcome->sequence;
        info.journalHead = welcome->head;
        done(info);
    });
}

void EmbeddedNode::trialBalance(Done<std::vector<api::TrialBalanceRow>> done) {
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

api::Operator& EmbeddedNode::operatorDesk() { return *m_inside->desk; }

// --- phrases ---------------------------------------------------------------------------------------------------------

SecretBytes EmbeddedNode::newPhrase(int words) {
    assert(words == 12 || words == 24);
    return keys::SeedPhrase::create(nodeRandom(), static_cast<std::size_t>(words)).text();
}

Answer<void> EmbeddedNode::checkPhrase(ByteView phrase) {
    const auto parsed = keys::SeedPhrase::parse({reinterpret_cast<const char*>(phrase.data()), phrase.size()});
    if (!parsed) return Err(refusalOf(parsed.error()));
    return {};
}

std::vector<std::string> EmbeddedNode::phraseWords(std::string_view prefix, std::size_t limit) {
    const auto words = keys::wordsStartingWith(prefix, limit);
    return {words.begin(), words.end()};
}

bool EmbeddedNode::isPhraseWord(std::string_view word) { return keys::isPhraseWord(word); }

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

void EmbeddedNode::lookInto(std::string path, Done<api::FileLook> done) {
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

std::vector<api::ProfileRow> EmbeddedNode::profiles() {
    std::vector<api::ProfileRow> rows = m_inside->profiles.rows();
    for (api::ProfileRow& row : rows) row.open = m_inside->openProfile(row.name) != nullptr;
    return rows;
}

std::shared_ptr<OpenProfile> EmbeddedNode::Inside::openProfile(const std::string& name) const {
    const auto found = open.find(name);
    auto profile = found == open.end() ? nullptr : found->second.lock();
    return profile && profile->lock ? profile : nullptr;
}

std::shared_ptr<OpenProfile> EmbeddedNode::Inside::makeParty(UnlockedProfile profile, const api::Executor& executor) {
    const IdentityKey key = profile.identity.key();
    const std::string journal = profile.folder + "/journal.sqlite";
    party::Setup setup{std::move(profile.identity),
                       profile.name,
                       profile.folder,
                       [journal] { return store::SqliteJournal::open(journal); },
                       servers->host->connect(key),
                       servers->toKeyServer(key),
                       servers->files,
                       servers->keyServer->key(),
                       *options.clock,
                       nodeRandom(),
                       executor,
                       media};
    setup.peers = peers->connect(key);
    if (servers->standby) {
        setup.standby = servers->toStandby(key);
        setup.standbyIdentity = servers->standby->key();
    }
    return std::make_shared<OpenProfile>(std::move(profile.lock), std::move(setup));
}

/// Deriving keys from passphrases takes its time, so it has its own thread.
void EmbeddedNode::Inside::unlock(const std::string& name, std::function<Answer<UnlockedProfile>()> act,
                                  Done<SessionPointer> done) {
    if (openProfile(name))
        return post([done = std::move(done), name] { done(Err(Refusal{Problem::ProfileInUse, name})); });
    vaultThread.post([this, act = std::move(act), done = std::move(done)] {
        auto profile = std::make_shared<Answer<UnlockedProfile>>(act());
        post([this, profile, done] { finishUnlock(std::move(*profile), done); });
    });
}

void EmbeddedNode::Inside::finishUnlock(Answer<UnlockedProfile> profile, const Done<SessionPointer>& done) {
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

void EmbeddedNode::createProfile(api::NewProfile profile, Done<SessionPointer> done) {
    // std::function wants to be copied, which a secret does not; this one exists once.
    const auto wanted = std::make_shared<api::NewProfile>(std::move(profile));
    m_inside->unlock(
        wanted->name, [profiles = &m_inside->profiles, wanted] { return profiles->create(*wanted); }, std::move(done));
}

void EmbeddedNode::openProfile(std::string name, SecretBytes passphrase, Done<SessionPointer> done) {
    const auto secret = std::make_shared<SecretBytes>(std::move(passphrase));
    m_inside->unlock(
        name, [profiles = &m_inside->profiles, name, secret] { return profiles->open(name, *secret); },
        std::move(done));
}

void EmbeddedNode::lockProfile(const std::string& name) {
    if (const auto profile = m_inside->openProfile(name)) profile->end();
}

void EmbeddedNode::changeKeeping(std::string name, SecretBytes passphrase, api::Keeping keeping, SecretBytes fresh,
                                 Done<void> done) {
    const auto secrets = std::make_shared<std::pair<SecretBytes, SecretBytes>>(std::move(passphrase), std::move(fresh));
    const bool openHere = m_inside->openProfile(name) != nullptr;
    m_inside->vaultThread.post([inside = m_inside.get(), name, keeping, secrets, openHere, done = std::move(done)] {
        auto changed = inside->profiles.changeKeeping(name, secrets->first, keeping, secrets->second, openHere);
        inside->post([done, changed] { done(changed); });
    });
}

void EmbeddedNode::checkKeychain(Done<void> done) {
    m_inside->vaultThread.post([inside = m_inside.get(), done = std::move(done)] {
        const auto works = tryKeychain(inside->keychain, nodeRandom());
        inside->post([done, works] {
            if (works) return done({});
            done(Err(Refusal{Problem::KeychainUnavailable, works.error().detail}));
        });
    });
}

// --- practice --------------------------------------------------------------------------------------------------------

api::Practice* EmbeddedNode::practice() { return m_inside->hands.get(); }

void EmbeddedNode::Inside::startCounterparty(Done<void> done) {
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
            return std::make_unique<PracticeHands>(*servers->world, std::move(executor), nullptr);
        },
        [this](SaleId sale, const api::Amount& toBuyer, const std::string& reason) {
            desk->decideDispute(sale, toBuyer, reason, [](const Answer<void>&) {});
        },
        workFolder, [this, done](Answer<void> started) { post([done, started] { done(started); }); });
}

} // namespace tallylock::app
