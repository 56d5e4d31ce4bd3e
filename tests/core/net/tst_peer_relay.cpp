// What clients of a server ask each other, through it: who is told what, and what becomes of it when one of them asks
// too much, answers never, wrongly or too slowly, or is gone. That it keeps the contract of peers: tst_portion_desk.
#include "tests/core/net/RawClient.h"
#include "tests/support/Door.h"
#include "tests/support/Eventually.h"
#include "tests/support/Proxy.h"

#include <QTest>

#include <atomic>

using namespace tallylock;
using namespace tallylock::test;
using net::RemoteState;
using ports::LinkError;
using ports::Peers;
using wire::Farewell;
using wire::NoAnswer;

namespace {

using Outcome = Result<Bytes, LinkError>;

/// A server behind which nothing is but an echo, and who may ask others.
struct Behind {
    std::mutex mutex;
    std::set<IdentityKey> mayNot;
    std::size_t checks = 0;
    bool passesOn = true;

    net::Service service() {
        net::Service service;
        service.connect = [](const IdentityKey&) { return std::make_unique<Echo>(); };
        if (!passesOn) return service;
        service.mayAskPeers = [this](const IdentityKey& who) {
            const std::lock_guard lock(mutex);
            ++checks;
            return !mayNot.contains(who);
        };
        return service;
    }

private:
    struct Echo final : ports::Link {
        void request(Bytes frame, std::function<void(Outcome)> done) override { done(std::move(frame)); }
        std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                       std::function<void(const wire::StreamItem&)>) override {
            return nullptr;
        }
    };
};

struct Scene {
    Behind behind;
    Door door;
    explicit Scene(net::Limits limits = {}) : door(keysOf("server"), behind.service(), limits) {}
    std::unique_ptr<DoorPeers> meet(const std::string& name) const { return door.meet(keysOf(name)); }
};

/// One who answers others: at once, with what was asked, or when the test wants it.
struct Answerer {
    struct Asked {
        IdentityKey asker;
        Bytes question;
        Peers::Done done;
    };
    std::mutex mutex;
    std::vector<Asked> kept;
    std::size_t asked = 0;
    std::atomic<bool> keeps{false};
    std::size_t size = 0; ///< of an answer; zero: the question
    std::unique_ptr<ports::Subscription> served;

    explicit Answerer(Peers& peers) {
        served = peers.serve([this](const IdentityKey& asker, Bytes question, Peers::Done done) {
            {
                const std::lock_guard lock(mutex);
                ++asked;
                if (keeps) return kept.push_back({asker, std::move(question), std::move(done)});
            }
            done(size == 0 ? std::move(question) : Bytes(size, 7));
        });
    }
    ~Answerer() { served.reset(); }
    std::vector<Asked> take() {
        const std::lock_guard lock(mutex);
        return std::exchange(kept, {});
    }
    std::size_t count() {
        const std::lock_guard lock(mutex);
        return asked;
    }
    std::size_t keptNow() {
        const std::lock_guard lock(mutex);
        return kept.size();
    }
};

std::future<Outcome> ask(Peers& peers, const std::string& to, Bytes question) {
    const auto promise = std::make_shared<std::promise<Outcome>>();
    peers.request(keysOf(to).key(), std::move(question),
                  [promise](Outcome answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
}
std::future<Outcome> ask(Peers& peers, const std::string& to, const std::string& question) {
    return ask(peers, to, bytesOf(question));
}
bool isText(const Outcome& answer, const std::string& text) { return answer && *answer == bytesOf(text); }
bool isWhy(const Outcome& answer, LinkError why) { return !answer && answer.error() == why; }
bool isReady(const std::future<Outcome>& answer) {
    return answer.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

} // namespace

class TestPeerRelay : public QObject {
    Q_OBJECT
private slots:
    void questionsAndAnswersPass() {
        Scene scene;
        const auto ofBob = scene.meet("bob");
        Answerer bob(*ofBob);
        const auto ofAda = scene.meet("ada");
        QVERIFY(isText(ask(*ofAda, "bob", "hello").get(), "hello"));
        bob.keeps = true;
        auto answer = ask(*ofAda, "bob", "who am I?");
        QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
        const auto asked = bob.take();
        QVERIFY(asked[0].asker == keysOf("ada").key() && asked[0].question == bytesOf("who am I?"));
        const Bytes portion((std::size_t{1} << 20) + 1000, 5); // as large as one of a sealed file
        asked[0].done(portion);
        QVERIFY(answer.get().value() == portion);
        // What would end the answerer's own connection is not said.
        auto large = ask(*ofAda, "bob", "more");
        QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
        bob.take()[0].done(Bytes(wire::kMostToServer));
        QVERIFY(isWhy(large.get(), LinkError::TooLarge));
        // Nor is a question that is too large.
        QVERIFY(isWhy(ask(*ofAda, "bob", Bytes(ports::kMostPeerQuestion + 1)).get(), LinkError::TooLarge));
        // A refusal says which.
        auto busy = ask(*ofAda, "bob", "now?");
        QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
        bob.take()[0].done(Err(LinkError::Busy));
        QVERIFY(isWhy(busy.get(), LinkError::Busy));
        QVERIFY(isWhy(ask(*ofAda, "nobody", "hello?").get(), LinkError::Closed));
        const net::Traffic seen = scene.door.server().traffic();
        QCOMPARE(seen.peerAnswered, std::uint64_t{2});
        QCOMPARE(seen.peerBytes, std::uint64_t{5 + portion.size()});
        QCOMPARE(seen.peerRefused, std::uint64_t{3}); // too large, busy, and nobody there
    }

    /// Two programs of one person, on two connections.
    void theNewestConnectionIsAskedAndTheOlderWhenItHasGone() {
        Scene scene;
        const auto ofAda = scene.meet("ada");
        const auto first = scene.meet("bob");
        Answerer older(*first);
        auto second = scene.door.enter(keysOf("bob"));
        Answerer newer(*second->remote().peers());
        settle(*second);
        QVERIFY(isText(ask(*ofAda, "bob", "x").get(), "x"));
        QCOMPARE(newer.count(), std::size_t{1});
        QCOMPARE(older.count(), std::size_t{0});
        second.reset(); // without a word
        QVERIFY(eventually([&] { return ask(*ofAda, "bob", "y").get().ok(); }));
        QVERIFY(older.count() >= 1);
        QCOMPARE(newer.count(), std::size_t{1});
    }

    void whoHasNoAccountAsksNobody() {
        Scene scene;
        const auto ofBob = scene.meet("bob");
        Answerer bob(*ofBob);
        scene.behind.mayNot.insert(keysOf("stranger").key());
        const auto ofStranger = scene.meet("stranger");
        for (int i = 0; i < 5; ++i) QVERIFY(isWhy(ask(*ofStranger, "bob", "hello").get(), LinkError::Closed));
        QCOMPARE(bob.count(), std::size_t{0});
        // It is looked at once for a while, and not for each question.
        const auto ofAda = scene.meet("ada");
        for (int i = 0; i < 50; ++i) QVERIFY(isText(ask(*ofAda, "bob", "hello").get(), "hello"));
        const std::lock_guard lock(scene.behind.mutex);
        QVERIFY2(scene.behind.checks < 20, qPrintable(QString::number(scene.behind.checks)));
    }

    // --- versions ----------------------------------------------------------------------------------------------------

    void aServerThatPassesNothingOnSaysSo() {
        Behind behind;
        behind.passesOn = false;
        const Door door(keysOf("key server"), behind.service());
        const auto peers = door.meet(keysOf("ada"));
        const auto served = peers->serve([](const IdentityKey&, const Bytes&, const Peers::Done&) {});
        QVERIFY(isWhy(ask(*peers, "ada", "hello").get(), LinkError::Closed));
        QCOMPARE(peers->way().remote().status().state,
                 RemoteState::Connected); // nothing was said that it does not know
        RawClient raw(door.port());
        QVERIFY(raw.enter(keysOf("bob")));
        QVERIFY(raw.in().relays == false);
        raw.send(wire::PeerServe{1});
        QVERIFY(raw.farewell() == Farewell::Malformed);
    }

    /// A client of the version before is told nothing that it could not read.
    void aClientOfBeforeIsLetIn() {
        Scene scene;
        RawClient old(scene.door.port(), 1);
        QVERIFY(old.enter(keysOf("ada")));
        QVERIFY(!old.in().relays.has_value());
        old.send(wire::Ping{});
        QVERIFY(old.nextOf<wire::Pong>().has_value());
        old.send(wire::PeerServe{1}); // which it does not know
        QVERIFY(old.farewell() == Farewell::Malformed);
        RawClient now(scene.door.port());
        QVERIFY(now.enter(keysOf("ada")));
        QVERIFY(now.in().relays == true);
    }

    void aServerOfBeforeIsToldNothingNew() {
        Behind behind;
        Door door(keysOf("server"), behind.service(), {}, 0, 1);
        RawClient raw(door.port());
        QVERIFY(raw.enter(keysOf("bob")));
        QVERIFY(!raw.in().relays.has_value());
        const auto peers = door.meet(keysOf("ada"));
        auto served = peers->serve([](const IdentityKey&, const Bytes&, const Peers::Done&) {});
        QVERIFY(isWhy(ask(*peers, "bob", "hello").get(), LinkError::Closed));
        served.reset();
        QCOMPARE(peers->way().remote().status().state, RemoteState::Connected);
        QCOMPARE(door.server().traffic().accepted, std::uint64_t{2}); // and has not sent it away
    }

    // --- too much ----------------------------------------------------------------------------------------------------

    /// One person, with two connections.
    void aFloodOfOneStarvesNobody() {
        net::Limits limits;
        limits.peerAsksAtOnce = 4;
        Scene scene(limits);
        const auto ofBob = scene.meet("bob");
        Answerer bob(*ofBob);
        bob.keeps = true;
        const auto first = scene.meet("eve");
        const auto second = scene.meet("eve");
        std::vector<std::future<Outcome>> answers;
        for (int i = 0; i < 60; ++i) answers.push_back(ask(i % 2 == 0 ? *first : *second, "bob", "me!"));
        std::size_t busy = 0;
        QVERIFY(eventually([&] {
            for (auto& answer : answers)
                if (answer.valid() && isReady(answer) && isWhy(answer.get(), LinkError::Busy)) ++busy;
            return busy == 56;
        }));
        QVERIFY(eventually([&] { return bob.keptNow() == 4; }));
        const auto ofAda = scene.meet("ada");
        auto answer = ask(*ofAda, "bob", "and I?");
        QVERIFY(eventually([&] { return bob.keptNow() == 5; }));
        for (const auto& one : bob.take()) one.done(one.question);
        QVERIFY(isText(answer.get(), "and I?"));
        for (auto& one : answers)
            if (one.valid()) QVERIFY(isText(one.get(), "me!"));
        QCOMPARE(scene.door.server().traffic().peerRefused, std::uint64_t{56});
        bob.keeps = false;
        QVERIFY(isText(ask(*first, "bob", "again").get(), "again")); // there is room again
    }

    void soManyInASecond() {
        net::Limits limits;
        limits.peerAsksPerSecond = 5;
        Scene scene(limits);
        const auto ofBob = scene.meet("bob");
        Answerer bob(*ofBob);
        const auto ofEve = scene.meet("eve");
        int passed = 0;
        int busy = 0;
        for (int i = 0; i < 200; ++i) {
            const Outcome answer = ask(*ofEve, "bob", "me!").get();
            passed += answer ? 1 : 0;
            busy += isWhy(answer, LinkError::Busy) ? 1 : 0;
        }
        QCOMPARE(passed + busy, 200);
        QVERIFY(passed >= 5 && busy > 0);
        QVERIFY(isText(ask(*scene.meet("ada"), "bob", "and I?").get(), "and I?"));
        QVERIFY(eventually([&] { return ask(*ofEve, "bob", "later").get().ok(); }));
    }

    void soManyWaitForOneWhoAnswers() {
        net::Limits limits;
        limits.peerAsksToOne = 3;
        Scene scene(limits);
        const auto ofBob = scene.meet("bob");
        const auto ofCid = scene.meet("cid");
        Answerer bob(*ofBob);
        Answerer cid(*ofCid);
        bob.keeps = true;
        const auto ofAda = scene.meet("ada");
        const auto ofDot = scene.meet("dot");
        std::vector<std::future<Outcome>> answers;
        for (int i = 0; i < 3; ++i) answers.push_back(ask(*ofAda, "bob", "me!"));
        QVERIFY(eventually([&] { return bob.keptNow() == 3; }));
        QVERIFY(isWhy(ask(*ofDot, "bob", "and I?").get(), LinkError::Busy));
        QVERIFY(isText(ask(*ofDot, "cid", "and you?").get(), "and you?"));
        for (const auto& one : bob.take()) one.done(one.question);
        for (auto& answer : answers) QVERIFY(answer.get().ok());
        bob.keeps = false;
        QVERIFY(ask(*ofDot, "bob", "now").get().ok());
    }

    void soManyServeOnOneConnection() {
        net::Limits limits;
        limits.peerServesAtOnce = 2;
        Scene scene(limits);
        RawClient twice(scene.door.port());
        QVERIFY(twice.enter(keysOf("bob")));
        twice.send(wire::PeerServe{1});
        twice.send(wire::PeerServe{1});
        QVERIFY(twice.farewell() == Farewell::Malformed);
        RawClient many(scene.door.port());
        QVERIFY(many.enter(keysOf("bob")));
        for (std::uint64_t i = 1; i <= 2; ++i) many.send(wire::PeerServe{i});
        many.send(wire::PeerLeave{1});
        many.send(wire::PeerLeave{99}); // it never came
        many.send(wire::PeerServe{3});
        many.send(wire::Ping{});
        QVERIFY(many.nextOf<wire::Pong>().has_value());
        many.send(wire::PeerServe{4});
        QVERIFY(many.farewell() == Farewell::Malformed);
        QVERIFY(isWhy(ask(*scene.meet("ada"), "bob", "anybody?").get(), LinkError::Closed));
    }

    void whoSaysTooMuchHasToGo() {
        Scene scene;
        RawClient asker(scene.door.port());
        QVERIFY(asker.enter(keysOf("eve")));
        asker.send(wire::PeerAsk{1, keysOf("bob").key(), Bytes(ports::kMostPeerQuestion + 1)});
        QVERIFY(asker.farewell() == Farewell::Malformed);
        // Whoever answers too much, too: his length alone is enough, and who asked is told.
        RawClient bob(scene.door.port());
        QVERIFY(bob.enter(keysOf("bob")));
        bob.send(wire::PeerServe{1});
        bob.send(wire::Ping{});
        QVERIFY(bob.nextOf<wire::Pong>().has_value());
        const auto ofAda = scene.meet("ada");
        auto answer = ask(*ofAda, "bob", "hello");
        QVERIFY(bob.nextOf<wire::PeerAsked>().has_value());
        bob.sendBytes(Bytes(wire::kMostToServer + 1));
        QVERIFY(bob.waitUntilOver());
        QVERIFY(isWhy(answer.get(), LinkError::Closed));
    }

    /// It costs the server little, and nobody else waits for it.
    void whoDoesNotReadTheAnswers() {
        constexpr std::uint64_t kAsked = 60;
        net::Limits limits;
        limits.peerAsksAtOnce = kAsked;
        limits.peerUnread = std::size_t{2} << 20;
        Scene scene(limits);
        const auto ofBob = scene.meet("bob");
        Answerer bob(*ofBob);
        bob.keeps = true;
        RawClient slow(scene.door.port());
        QVERIFY(slow.enter(keysOf("eve")));
        slow.pause(true);
        for (std::uint64_t i = 1; i <= kAsked; ++i) slow.send(wire::PeerAsk{i, keysOf("bob").key(), bytesOf("me!")});
        QVERIFY(eventually([&] { return bob.keptNow() == kAsked; }));
        const auto asked = bob.take();
        const auto ofAda = scene.meet("ada");
        bob.keeps = false;
        for (const auto& one : asked) {
            one.done(Bytes(std::size_t{1} << 20, 1));
            QVERIFY(ask(*ofAda, "bob", "and I?").get().ok()); // behind that one, on its way
        }
        slow.pause(false);
        std::set<std::uint64_t> answered;
        std::set<std::uint64_t> busy;
        for (std::uint64_t i = 0; i < kAsked; ++i) {
            const auto message = slow.next();
            QVERIFY(message.has_value());
            if (const auto* answer = std::get_if<wire::Answered>(&*message)) answered.insert(answer->number);
            const auto* refused = std::get_if<wire::NotAnswered>(&*message);
            if (refused && refused->why == NoAnswer::Busy) busy.insert(refused->number);
        }
        QCOMPARE(answered.size() + busy.size(), std::size_t{kAsked});
        QVERIFY(!answered.empty());
        // What waited in the server, and in the sockets' buffers.
        QVERIFY2(busy.size() > kAsked / 3, qPrintable(QString::number(busy.size())));
    }

    // --- wrong answers, and none -------------------------------------------------------------------------------------

    void anAnswerToAnothersQuestionIsPassedOver() {
        Scene scene;
        const auto ofBob = scene.meet("bob");
        Answerer bob(*ofBob);
        bob.keeps = true;
        RawClient mallory(scene.door.port());
        QVERIFY(mallory.enter(keysOf("mallory")));
        mallory.send(wire::PeerServe{1});
        const auto ofAda = scene.meet("ada");
        auto answer = ask(*ofAda, "bob", "are you bob?");
        QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
        for (std::uint64_t i = 0; i < 100; ++i) {
            mallory.send(wire::PeerAnswer{i, {bytesOf("yes")}});
            mallory.send(wire::PeerNoAnswer{i, NoAnswer::Closed});
        }
        mallory.send(wire::Ping{});
        QVERIFY(mallory.nextOf<wire::Pong>().has_value()); // all were read
        QVERIFY(!isReady(answer));
        bob.take()[0].done(bytesOf("I am"));
        QVERIFY(isText(answer.get(), "I am"));
        // Said again, it is passed over as well.
        QVERIFY(isWhy(ask(*ofAda, "nobody", "x").get(), LinkError::Closed));
        QCOMPARE(ofAda->way().remote().status().state, RemoteState::Connected);
    }

    void whatIsNeverAnsweredEnds() {
        net::Limits limits;
        limits.peerAnswerMs = 50;
        limits.peerAsksAtOnce = 2;
        Scene scene(limits);
        const auto ofBob = scene.meet("bob");
        Answerer bob(*ofBob);
        bob.keeps = true;
        const auto ofAda = scene.meet("ada");
        auto first = ask(*ofAda, "bob", "hello?");
        auto second = ask(*ofAda, "bob", "hello?");
        QVERIFY(isWhy(first.get(), LinkError::Closed) && isWhy(second.get(), LinkError::Closed));
        const auto late = bob.take();
        QCOMPARE(late.size(), std::size_t{2});
        for (const auto& one : late) one.done(bytesOf("too late"));
        bob.keeps = false;
        QVERIFY(eventually([&] { return isText(ask(*ofAda, "bob", "again").get(), "again"); }));
    }

    void whoDiesLeavesNobodyWaiting() {
        Scene scene;
        auto link = scene.door.enter(keysOf("bob"));
        Answerer bob(*link->remote().peers());
        settle(*link);
        bob.keeps = true;
        auto ofAda = scene.meet("ada");
        auto answer = ask(*ofAda, "bob", "wait");
        QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
        link.reset();
        QVERIFY(isWhy(answer.get(), LinkError::Closed));
        for (const auto& one : bob.take()) one.done(bytesOf("too late")); // harmless
        // The asker: what is answered then goes nowhere, and leaves no trace.
        const auto ofBob = scene.meet("bob");
        Answerer again(*ofBob);
        again.keeps = true;
        auto lost = ask(*ofAda, "bob", "wait");
        QVERIFY(eventually([&] { return again.keptNow() == 1; }));
        ofAda.reset();
        QVERIFY(isWhy(lost.get(), LinkError::Closed));
        for (const auto& one : again.take()) one.done(bytesOf("nobody is there"));
        again.keeps = false;
        QVERIFY(isText(ask(*scene.meet("cid"), "bob", "and I?").get(), "and I?"));
    }

    /// A question that nobody answers, but drops.
    void whatIsDroppedIsClosed() {
        Scene scene;
        const auto ofBob = scene.meet("bob");
        Answerer bob(*ofBob);
        bob.keeps = true;
        const auto ofAda = scene.meet("ada");
        auto answer = ask(*ofAda, "bob", "wait");
        QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
        bob.take().clear();
        QVERIFY(isWhy(answer.get(), LinkError::Closed));
    }

    // --- cut off -----------------------------------------------------------------------------------------------------

    void whoIsCutOffIsAskedAgainLater() {
        Scene scene;
        Proxy proxy(scene.door.port());
        net::RemoteOptions way = scene.door.way(keysOf("bob"));
        way.port = proxy.port();
        DoorLink link(way);
        QVERIFY(link.waitUntilConnected());
        const auto ofBob = link.remote().peers();
        Answerer bob(*ofBob);
        const auto ofAda = scene.meet("ada");
        for (int round = 0; round < 5; ++round) {
            bob.keeps = false;
            QVERIFY(eventually([&] { return ask(*ofAda, "bob", "there?").get().ok(); }));
            bob.keeps = true;
            auto answer = ask(*ofAda, "bob", "wait");
            QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
            proxy.cut();
            QVERIFY(isWhy(answer.get(), LinkError::Closed));
            for (const auto& one : bob.take()) one.done(bytesOf("of an earlier connection"));
        }
        // It need not have been connected when it was said.
        bob.served.reset();
        proxy.cut();
        bob.keeps = false;
        Answerer later(*ofBob);
        QVERIFY(eventually([&] { return ask(*ofAda, "bob", "there?").get().ok(); }));
    }

    /// A server that is started anew counts from one again.
    void anAnswerOfAnEarlierConnectionIsNotSaid() {
        Behind behind;
        auto door = std::make_unique<Door>(keysOf("server"), behind.service());
        const std::uint16_t port = door->port();
        const auto ofBob = door->meet(keysOf("bob"));
        const auto ofAda = door->meet(keysOf("ada"));
        Answerer bob(*ofBob);
        bob.keeps = true;
        auto before = ask(*ofAda, "bob", "before");
        QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
        door.reset();
        QVERIFY(isWhy(before.get(), LinkError::Closed));
        const auto old = bob.take();
        const auto areIn = [&](bool in) {
            return eventually([&] {
                for (DoorPeers* one : {ofBob.get(), ofAda.get()})
                    if ((one->way().remote().status().state == RemoteState::Connected) != in) return false;
                return true;
            });
        };
        QVERIFY(areIn(false));
        door = std::make_unique<Door>(keysOf("server"), behind.service(), net::Limits(), port);
        QVERIFY(areIn(true));
        settle(ofBob->way());
        auto now = ask(*ofAda, "bob", "now");
        QVERIFY(eventually([&] { return bob.keptNow() == 1; }));
        old[0].done(bytesOf("before"));
        const auto ofCid = door->meet(keysOf("cid"));
        auto other = ask(*ofCid, "bob", "behind it");
        QVERIFY(eventually([&] { return bob.keptNow() == 2; }));
        for (const auto& one : bob.take()) one.done(one.question);
        QVERIFY(isText(other.get(), "behind it"));
        QVERIFY(isText(now.get(), "now"));
    }

    void whatOutlivesTheConnectionIsClosed() {
        Scene scene;
        std::unique_ptr<Peers> peers;
        std::unique_ptr<ports::Subscription> served;
        {
            const auto link = scene.door.enter(keysOf("ada"));
            peers = link->remote().peers();
            served = peers->serve([](const IdentityKey&, const Bytes&, const Peers::Done&) {});
        }
        QVERIFY(isWhy(ask(*peers, "ada", "hello?").get(), LinkError::Closed));
        served.reset();
    }
};

QTEST_GUILESS_MAIN(TestPeerRelay)
#include "tst_peer_relay.moc"
