// What every way between parties' apps keeps to, whatever carries it.
#pragma once

#include "core/ports/Peer.h"
#include "tests/core/party/PartyScene.h"

#include <atomic>
#include <thread>

namespace tallylock::test {

/// `connect` gives the peers of whoever of this name has proved who he is.
using ConnectPeers = std::function<std::shared_ptr<ports::Peers>(const std::string& name)>;

/// Waits for the answer, which may come on any thread, and only once.
inline Result<Bytes, ports::LinkError> askPeer(ports::Peers& peers, const IdentityKey& to, Bytes frame) {
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<Result<Bytes, ports::LinkError>> answer;
        int answers = 0;
    };
    const auto state = std::make_shared<State>();
    peers.request(to, std::move(frame), [state](Result<Bytes, ports::LinkError> answer) {
        const std::lock_guard lock(state->mutex);
        state->answer = std::move(answer);
        ++state->answers;
        state->changed.notify_all();
    });
    std::unique_lock lock(state->mutex);
    if (!state->changed.wait_for(lock, std::chrono::seconds(20), [&] { return state->answer.has_value(); }))
        qFatal("no answer");
    if (state->answers != 1) qFatal("answered twice");
    return *state->answer;
}

inline void checkPeerContract(const ConnectPeers& connect) {
    using ports::LinkError;
    const IdentityKey alice = identityNamed("alice").key();
    const IdentityKey bob = identityNamed("bob").key();
    const auto ofAlice = connect("alice");
    const auto ofBob = connect("bob");
    // Nobody is there.
    QCOMPARE(askPeer(*ofAlice, bob, bytesOf("hello")).error(), LinkError::Closed);
    // Each is told who asks.
    const auto echo = [](const char* who) {
        return [who](const IdentityKey& asker, Bytes frame, const ports::Peers::Done& done) {
            append(frame, bytesOf(who));
            append(frame, asker.view());
            done(frame);
        };
    };
    const auto expected = [](const char* text, const IdentityKey& asker) {
        Bytes bytes = bytesOf(text);
        append(bytes, asker.view());
        return bytes;
    };
    auto bobServes = ofBob->serve(echo("bob"));
    QVERIFY(*askPeer(*ofAlice, bob, bytesOf("to ")) == expected("to bob", alice));
    QVERIFY(*askPeer(*ofBob, bob, bytesOf("to ")) == expected("to bob", bob));
    QCOMPARE(askPeer(*ofBob, alice, bytesOf("to ")).error(), LinkError::Closed);
    // A question is bounded.
    QVERIFY(askPeer(*ofAlice, bob, Bytes(ports::kMostPeerQuestion)).ok());
    QCOMPARE(askPeer(*ofAlice, bob, Bytes(ports::kMostPeerQuestion + 1)).error(), LinkError::TooLarge);
    // The newer of two apps is asked, and the older again when it has gone.
    auto newer = ofBob->serve(echo("new"));
    QVERIFY(*askPeer(*ofAlice, bob, {}) == expected("new", alice));
    newer.reset();
    QVERIFY(*askPeer(*ofAlice, bob, {}) == expected("bob", alice));
    // What is dropped unanswered, or asked of one who has gone, is answered all the same.
    bobServes = ofBob->serve([](const IdentityKey&, const Bytes&, const ports::Peers::Done&) {});
    QCOMPARE(askPeer(*ofAlice, bob, {}).error(), LinkError::Closed);
    // Answers may come from elsewhere, and after the asker has gone.
    std::vector<std::thread> threads;
    std::mutex mutex;
    bobServes = ofBob->serve([&](const IdentityKey&, Bytes frame, ports::Peers::Done done) {
        const std::lock_guard lock(mutex);
        threads.emplace_back([frame = std::move(frame), done = std::move(done)] { done(frame); });
    });
    QVERIFY(*askPeer(*ofAlice, bob, bytesOf("later")) == bytesOf("later"));
    const auto arrived = std::make_shared<std::atomic<bool>>(false);
    connect("alice")->request(bob, {}, [arrived](const auto&) { *arrived = true; });
    bobServes.reset();
    for (std::thread& thread : threads) thread.join();
    QVERIFY(*arrived);
    QCOMPARE(askPeer(*ofAlice, bob, {}).error(), LinkError::Closed);
}

} // namespace tallylock::test
