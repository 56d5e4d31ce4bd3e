// The connection between client and server: who is at its ends, and what becomes of it when one of them is slow,
// silent, hostile or gone. The servers' own doings are tst_*_over_tls.
#include "core/ports/StoredFile.h"
#include "core/store/FolderFileStore.h"
#include "core/store/ReceivedFile.h"
#include "tests/core/net/RawClient.h"
#include "tests/support/Door.h"
#include "tests/support/Eventually.h"
#include "tests/support/MemoryFileStore.h"
#include "tests/support/Proxy.h"
#include "tests/support/SealedBytes.h"

#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace tallylock;
using namespace tallylock::test;
using net::RemoteState;
using ports::LinkError;
using wire::Farewell;

namespace {

/// A server that answers with what it was asked, keeps some questions back, and has a stream as long as one likes.
struct Behind {
    std::mutex mutex;
    std::vector<IdentityKey> came;
    std::size_t asked = 0;
    bool keepsAnswers = false;
    std::vector<std::function<void(Result<Bytes, LinkError>)>> kept;
    std::uint64_t itemsThere = 0; ///< of the stream
    std::size_t itemSize = 100;
    std::size_t follows = 0; ///< now
    std::size_t links = 0;
    MemoryFileStore files;
    std::set<IdentityKey> mayNotUpload;

    net::Service service() {
        net::Service service;
        service.connect = [this](const IdentityKey& who) { return std::make_unique<EchoLink>(*this, who); };
        service.files = &files;
        service.mayUpload = [this](const IdentityKey& who) {
            const std::lock_guard lock(mutex);
            return mayNotUpload.find(who) == mayNotUpload.end();
        };
        return service;
    }
    template <class T>
    T look(T Behind::*what) {
        const std::lock_guard lock(mutex);
        return this->*what;
    }

private:
    class EchoLink final : public ports::Link {
    public:
        EchoLink(Behind& behind, const IdentityKey& who) : m_behind(behind) {
            const std::lock_guard lock(m_behind.mutex);
            m_behind.came.push_back(who);
            ++m_behind.links;
        }
        ~EchoLink() override {
            const std::lock_guard lock(m_behind.mutex);
            --m_behind.links;
        }
        void request(Bytes frame, std::function<void(Result<Bytes, LinkError>)> done) override {
            {
                const std::lock_guard lock(m_behind.mutex);
                ++m_behind.asked;
                if (m_behind.keepsAnswers) return m_behind.kept.push_back(std::move(done));
            }
            done(std::move(frame));
        }
        /// On a thread of its own, as a real one does.
        std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t cursor,
                                                       std::function<void(const wire::StreamItem&)> onItem) override {
            struct Flow final : ports::Subscription {
                explicit Flow(Behind& of) : behind(of) { count(1); }
                ~Flow() override {
                    isOver = true;
                    thread.join();
                    count(-1);
                }
                void count(int one) const {
                    const std::lock_guard lock(behind.mutex);
                    behind.follows += static_cast<std::size_t>(one);
                }
                Behind& behind;
                std::atomic<bool> isOver{false};
                std::thread thread;
            };
            auto flow = std::make_unique<Flow>(m_behind);
            flow->thread = std::thread([this, &isOver = flow->isOver, cursor, onItem = std::move(onItem)] {
                for (std::uint64_t at = cursor; !isOver;) {
                    if (at >= m_behind.look(&Behind::itemsThere)) {
                        std::this_thread::sleep_for(std::chrono::milliseconds(1));
                        continue;
                    }
                    ++at;
                    onItem({at, at, Bytes(m_behind.itemSize, static_cast<std::uint8_t>(at)), {}});
                }
            });
            return flow;
        }

    private:
        Behind& m_behind;
    };
};

struct Scene {
    Behind behind;
    Door door;
    explicit Scene(net::Limits limits = {}) : door(keysOf("server"), behind.service(), limits) {}
};

std::future<Result<Bytes, LinkError>> ask(ports::Link& link, const std::string& text) {
    const auto promise = std::make_shared<std::promise<Result<Bytes, LinkError>>>();
    link.request(bytesOf(text), [promise](Result<Bytes, LinkError> answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
}
bool isClosed(const Result<Bytes, LinkError>& answer) { return !answer && answer.error() == LinkError::Closed; }

/// The positions of a stream, as they come.
struct Reader {
    std::mutex mutex;
    std::vector<std::uint64_t> positions;
    std::unique_ptr<ports::Subscription> subscription;
    Reader(ports::Link& link, std::uint64_t cursor = 0) {
        subscription = link.subscribe(ports::Link::Stream::Own, cursor, [this](const wire::StreamItem& item) {
            const std::lock_guard lock(mutex);
            positions.push_back(item.position);
        });
    }
    ~Reader() { subscription.reset(); }
    std::size_t count() {
        const std::lock_guard lock(mutex);
        return positions.size();
    }
    bool isWhole(std::uint64_t from = 1) {
        const std::lock_guard lock(mutex);
        for (std::size_t i = 0; i < positions.size(); ++i) {
            if (positions[i] != from + i) return false;
        }
        return true;
    }
};

} // namespace

class TestConnection : public QObject {
    Q_OBJECT
private slots:
    void questionsAreAnswered() {
        Scene scene;
        const auto link = scene.door.enter(keysOf("ada"));
        QCOMPARE(scene.behind.look(&Behind::came), (std::vector<IdentityKey>{keysOf("ada").key()}));
        std::vector<std::future<Result<Bytes, LinkError>>> answers;
        for (int i = 0; i < 2000; ++i) answers.push_back(ask(*link, "question " + std::to_string(i)));
        for (int i = 0; i < 2000; ++i) {
            const auto answer = answers[static_cast<std::size_t>(i)].get();
            QVERIFY(answer && *answer == bytesOf("question " + std::to_string(i)));
        }
        const Bytes large((std::size_t{1} << 20) + 1000, 3);
        std::promise<bool> same;
        link->request(large, [&](Result<Bytes, LinkError> answer) { same.set_value(answer && *answer == large); });
        QVERIFY(same.get_future().get());
        std::promise<bool> tooLarge;
        link->request(Bytes(std::size_t{2} << 20), [&](const Result<Bytes, LinkError>& answer) {
            tooLarge.set_value(!answer && answer.error() == LinkError::TooLarge);
        });
        QVERIFY(tooLarge.get_future().get());
    }

    // --- several places ---------------------------------------------------------------------------------------------

    /// Of one identity: the server and whoever takes its place.
    void thePlacesAreTriedInTurn() {
        Behind first;
        Behind second;
        auto door = std::make_unique<Door>(keysOf("server"), first.service());
        net::RemoteOptions way = door->way(keysOf("ada"));
        const std::uint16_t firstPort = door->port();
        Door stranger(keysOf("a stranger"), second.service()); // at an address that is ours no more
        auto standIn = std::make_unique<Door>(keysOf("server"), second.service());
        way.others = {{way.host, stranger.port()}, {way.host, standIn->port()}};
        way.lastPauseMs = 200;
        std::atomic<int> troubles{0};
        net::Remote remote(way, [&](const net::RemoteStatus& status) {
            if (status.state != RemoteState::Connected && status.state != RemoteState::Connecting) ++troubles;
        });
        const auto isIn = [&] { return remote.status().state == RemoteState::Connected; };
        QVERIFY(eventually(isIn));
        QCOMPARE(first.look(&Behind::came).size(), std::size_t{1});
        door.reset();
        QVERIFY(eventually([&] { return second.look(&Behind::came).size() == 1 && isIn(); }));
        QCOMPARE(troubles.load(), 1); // the break, and no word of the places that were passed by
        const auto link = remote.link();
        QVERIFY(ask(*link, "a question").get().ok());
        door = std::make_unique<Door>(keysOf("server"), first.service(), net::Limits(), firstPort);
        standIn.reset(); // and back
        QVERIFY(eventually([&] { return first.look(&Behind::came).size() == 2 && isIn(); }));
        door.reset();
        QVERIFY(eventually([&] { // once all have been tried
            const auto state = remote.status().state;
            return troubles >= 4 && (state == RemoteState::Unreachable || state == RemoteState::OtherServer);
        }));
    }

    // --- who is there ----------------------------------------------------------------------------------------------

    void onlyThePinnedServerIsAsked() {
        Scene scene;
        for (const bool pinned : {true, false}) {
            net::RemoteOptions way = scene.door.way(keysOf("ada"));
            way.server = pinned ? std::optional(keysOf("another server").key()) : std::nullopt;
            net::Remote remote(way);
            QVERIFY(eventually([&] { return remote.status().state == RemoteState::OtherServer; }));
            QVERIFY(remote.status().server == scene.door.key()); // for a person to look at
            QVERIFY(isClosed(ask(*remote.link(), "who are you?").get()));
        }
        QVERIFY(scene.behind.look(&Behind::came).empty()); // and nobody has said who asks
    }

    /// The proof that a client has given is of no use to whoever has seen it.
    void aProofIsGoodForOneConnection_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("of another connection") << 0;
        QTest::newRow("for another server") << 1;
        QTest::newRow("of another identity") << 2;
        QTest::newRow("under another label") << 3;
        QTest::newRow("of another version") << 4;
    }
    void aProofIsGoodForOneConnection() {
        QFETCH(int, what);
        Scene scene;
        RawClient first(scene.door.port());
        RawClient second(scene.door.port());
        QVERIFY(first.nextOf<wire::Greeting>() && second.nextOf<wire::Greeting>());
        QVERIFY(first.binding() != second.binding());
        const keys::Identity ada = keysOf("ada");
        wire::Login login = second.login(ada, scene.door.key());
        if (what == 0) login = first.login(ada, scene.door.key());
        if (what == 1) login = second.login(ada, keysOf("another server").key());
        if (what == 2) login.identity = keysOf("bob").key();
        if (what == 3)
            login.signature = ada.sign("server", wire::ClientNote{ada.key(), scene.door.key(), second.binding()});
        if (what == 4) login.version = 2;
        second.send(login);
        const auto why = second.farewell();
        QVERIFY(why == (what == 4 ? Farewell::UnknownVersion : Farewell::LoginRefused));
        QVERIFY(second.waitUntilOver());
        first.send(first.login(ada, scene.door.key()));
        QVERIFY(first.nextOf<wire::LoggedIn>().has_value());
        QCOMPARE(scene.behind.look(&Behind::came).size(), std::size_t{1});
    }

    /// A machine in between has another connection to each, so what it passes on fits neither.
    void aGreetingIsGoodForOneConnection() {
        Scene scene;
        RawClient client(scene.door.port());
        const auto greeting = client.nextOf<wire::Greeting>();
        QVERIFY(crypto::verify(greeting->identity, "server", wire::ServerNote{greeting->identity, client.binding()},
                               greeting->signature));
        RawClient other(scene.door.port());
        QVERIFY(other.nextOf<wire::Greeting>());
        QVERIFY(!crypto::verify(greeting->identity, "server", wire::ServerNote{greeting->identity, other.binding()},
                                greeting->signature));
    }

    // --- hostile -----------------------------------------------------------------------------------------------------

    void whatIsNoMessageEndsTheConnection_data() {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<bool>("afterLogin");
        const auto add = [](const char* name, const Bytes& bytes, bool after = true) {
            QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                              static_cast<qsizetype>(bytes.size()))
                                << after;
        };
        const auto encoded = [](const wire::ToServer& message) { return encodeCbor(message); };
        add("letters", bytesOf("GET / HTTP/1.1"));
        add("nothing", {});
        add("cut short", {0x82, 2});
        add("unknown", {0x82, 0x18, 99, 0xa0});
        add("a question before the login", encoded(wire::Ask{1, {bytesOf("x")}}), false);
        add("a second login", encoded(wire::Login{}));
        add("a third stream", encoded(wire::Follow{1, 2, 0}));
        add("more behind it", [&] {
            Bytes two = encoded(wire::Ping{});
            two.push_back(0);
            return two;
        }());
    }
    void whatIsNoMessageEndsTheConnection() {
        QFETCH(QByteArray, message);
        QFETCH(bool, afterLogin);
        Scene scene;
        RawClient client(scene.door.port());
        if (afterLogin) QVERIFY(client.enter(keysOf("ada")));
        client.sendBytes(Bytes(message.begin(), message.end()));
        QVERIFY(client.waitUntilOver());
        QVERIFY(eventually([&] { return scene.door.server().traffic().connections == 0; }));
        QVERIFY(eventually([&] { return scene.behind.look(&Behind::links) == 0; }));
        QVERIFY(ask(*scene.door.enter(keysOf("bob")), "and you?").get().ok()); // nobody else is the worse for it
    }

    /// Its length alone is enough: not a byte of it is kept.
    void aMessageThatIsTooLongIsNotRead() {
        Scene scene;
        RawClient client(scene.door.port());
        QVERIFY(client.enter(keysOf("ada")));
        client.sendBytes(Bytes(wire::kMostToServer + 1));
        QVERIFY(client.waitUntilOver());
    }

    void whoIsNoTlsClientIsTurnedAway() {
        Scene scene;
        boost::asio::io_context io;
        boost::asio::ip::tcp::socket socket(io);
        socket.connect({boost::asio::ip::address_v4::loopback(), scene.door.port()});
        boost::asio::write(socket, boost::asio::buffer(std::string(1000, 'x')));
        boost::system::error_code failure;
        std::array<char, 1024> answer{};
        while (!failure) socket.read_some(boost::asio::buffer(answer), failure);
        QVERIFY(eventually([&] { return scene.door.server().traffic().connections == 0; }));
    }

    void whoDoesNotLogInHasToGo() {
        net::Limits limits;
        limits.loginMs = 50;
        Scene scene(limits);
        boost::asio::io_context io;
        boost::asio::ip::tcp::socket mute(io); // not even a handshake
        mute.connect({boost::asio::ip::address_v4::loopback(), scene.door.port()});
        RawClient client(scene.door.port());
        QVERIFY(client.farewell() == Farewell::TooSlow);
        QVERIFY(eventually([&] { return scene.door.server().traffic().connections == 0; }));
        QCOMPARE(scene.door.server().traffic().turnedAway, std::uint64_t{2});
    }

    void whoIsSilentForTooLongHasToGo() {
        net::Limits limits;
        limits.silenceMs = 300;
        Scene scene(limits);
        RawClient client(scene.door.port());
        QVERIFY(client.enter(keysOf("ada")));
        net::RemoteOptions way = scene.door.way(keysOf("bob"));
        way.pingMs = 50;
        DoorLink pinging(way); // is as silent, but for being alive
        QVERIFY(pinging.waitUntilConnected());
        QVERIFY(client.farewell() == Farewell::TooSlow);
        QTest::qSleep(1500);
        QVERIFY(ask(pinging, "still there?").get().ok());
        QCOMPARE(scene.door.server().traffic().accepted, std::uint64_t{2});
    }

    void thereIsRoomForSoMany() {
        net::Limits limits;
        limits.connections = 3;
        Scene scene(limits);
        auto first = scene.door.enter(keysOf("ada"));
        const auto second = scene.door.enter(keysOf("bob"));
        const auto third = scene.door.enter(keysOf("cid"));
        DoorLink fourth(scene.door.way(keysOf("dot")));
        QVERIFY(eventually([&] { return scene.door.server().traffic().turnedAway > 0; }));
        QVERIFY(isClosed(ask(fourth, "let me in").get()));
        first.reset();
        QVERIFY(fourth.waitUntilConnected());
        QVERIFY(ask(fourth, "thank you").get().ok());
    }

    /// Who asks more than is answered is not read until some are.
    void aFloodOfQuestionsWaitsAtItsSender() {
        net::Limits limits;
        limits.asksAtOnce = 10;
        Scene scene(limits);
        scene.behind.keepsAnswers = true;
        const auto link = scene.door.enter(keysOf("ada"));
        std::vector<std::future<Result<Bytes, LinkError>>> answers;
        for (int i = 0; i < 5000; ++i) answers.push_back(ask(*link, std::string(1000, 'q')));
        QVERIFY(eventually([&] { return scene.behind.look(&Behind::asked) >= 10; }));
        QTest::qSleep(200);
        QVERIFY(scene.behind.look(&Behind::asked) <= 10);
        const auto other = scene.door.enter(keysOf("bob"));
        auto others = ask(*other, "x");
        QVERIFY(eventually([&] { return scene.behind.look(&Behind::asked) == 11; })); // and nobody else waits for it
        for (std::size_t answered = 0; answered < answers.size() + 1;) {
            std::vector<std::function<void(Result<Bytes, LinkError>)>> some;
            {
                const std::lock_guard lock(scene.behind.mutex);
                some.swap(scene.behind.kept);
            }
            answered += some.size();
            for (const auto& done : some) done(bytesOf("at last"));
            QTest::qSleep(1);
        }
        QVERIFY(others.get().ok());
        for (auto& answer : answers) QVERIFY(answer.get().ok());
    }

    /// However quickly they are answered.
    void soManyQuestionsAreReadInASecond() {
        net::Limits limits;
        limits.asksPerSecond = 100;
        Scene scene(limits);
        const auto link = scene.door.enter(keysOf("ada"));
        std::vector<std::future<Result<Bytes, LinkError>>> answers;
        for (int i = 0; i < 500; ++i) answers.push_back(ask(*link, "x"));
        QTest::qSleep(100);
        const std::size_t soon = scene.behind.look(&Behind::asked);
        QVERIFY(soon >= 100 && soon <= 200); // a second may have ended
        for (auto& answer : answers) QVERIFY(answer.get().ok());
    }

    /// To follow a stream is a question like any other.
    void followsAreCountedToo() {
        net::Limits limits;
        limits.asksPerSecond = 50;
        Scene scene(limits);
        RawClient client(scene.door.port());
        QVERIFY(client.enter(keysOf("ada")));
        for (std::uint64_t i = 0; i < 200; ++i) {
            client.send(wire::Follow{i, 1, 0});
            client.send(wire::Unfollow{i});
        }
        client.send(wire::Ask{1, {bytesOf("x")}});
        QTest::qSleep(300);
        QCOMPARE(scene.behind.look(&Behind::asked), std::size_t{0}); // it lies behind two hundred others
        QVERIFY(eventually([&] { return scene.behind.look(&Behind::asked) == 1; }));
    }

    /// Who asks for much and does not read what comes is not kept for without end.
    void whoeverReadsNoAnswersIsLetGo() {
        Scene scene;
        scene.behind.keepsAnswers = true;
        RawClient client(scene.door.port());
        QVERIFY(client.enter(keysOf("ada")));
        client.pause(true);
        constexpr std::size_t kAsked = 30;
        for (std::uint64_t i = 1; i <= kAsked; ++i) client.send(wire::Ask{i, {bytesOf("x")}});
        QVERIFY(eventually([&] { return scene.behind.look(&Behind::asked) == kAsked; }));
        QCOMPARE(scene.behind.look(&Behind::links), std::size_t{1});
        std::vector<std::function<void(Result<Bytes, LinkError>)>> all;
        {
            const std::lock_guard lock(scene.behind.mutex);
            all.swap(scene.behind.kept);
        }
        for (const auto& done : all) done(Bytes(std::size_t{4} << 20, 7));
        QVERIFY(eventually([&] { return scene.behind.look(&Behind::links) == 0; }));
    }

    /// Who follows a stream and does not read is kept little for, and misses nothing.
    void aSlowReaderCostsLittleAndMissesNothing() {
        net::Limits limits;
        limits.waitingBytes = std::size_t{256} << 10;
        Scene scene(limits);
        constexpr std::uint64_t kItems = 40'000;
        scene.behind.itemSize = 1000;
        scene.behind.itemsThere = kItems; // 40 MB
        RawClient client(scene.door.port());
        QVERIFY(client.enter(keysOf("ada")));
        client.pause(true);
        client.send(wire::Follow{7, 1, 0});
        const auto sent = [&] { return scene.door.server().traffic().items; };
        QVERIFY(eventually([&] { return sent() > 0; }));
        std::uint64_t before = 0;
        QVERIFY(eventually([&] { // until nothing more goes
            const std::uint64_t now = sent();
            QTest::qSleep(100);
            return std::exchange(before, now) == now;
        }));
        QVERIFY(sent() < kItems / 2);                      // the sockets' buffers hold them, and a little more
        QVERIFY(scene.behind.look(&Behind::follows) == 0); // and what follows is not read meanwhile
        QVERIFY(ask(*scene.door.enter(keysOf("bob")), "and you?").get().ok());
        client.pause(false);
        for (std::uint64_t position = 1; position <= kItems; ++position) {
            const auto item = client.nextOf<wire::Followed>();
            QVERIFY(item.has_value());
            QCOMPARE(item->item.position, position);
            QCOMPARE(item->number, std::uint64_t{7});
        }
    }

    // --- cut off -----------------------------------------------------------------------------------------------------

    void aStreamGoesOnWhereItWasCut() {
        Scene scene;
        Proxy proxy(scene.door.port());
        net::RemoteOptions way = scene.door.way(keysOf("ada"));
        way.port = proxy.port();
        DoorLink link(way);
        QVERIFY(link.waitUntilConnected());
        Reader reader(link);
        Reader later(link, 500);
        for (std::uint64_t round = 1; round <= 20; ++round) {
            {
                const std::lock_guard lock(scene.behind.mutex);
                scene.behind.itemsThere = round * 1000;
            }
            if (round % 3 != 0) QVERIFY(eventually([&] { return reader.count() > (round - 1) * 1000; }));
            proxy.cut();
        }
        QVERIFY(eventually([&] { return reader.count() == 20'000 && later.count() == 19'500; }));
        QVERIFY(reader.isWhole() && later.isWhole(501));
        QVERIFY(proxy.connections() > 10);
        QVERIFY(eventually([&] { return scene.behind.look(&Behind::links) == 1; })); // the old ones are gone
    }

    void aQuestionThatIsCutOffIsAnsweredSo() {
        Scene scene;
        Proxy proxy(scene.door.port());
        net::RemoteOptions way = scene.door.way(keysOf("ada"));
        way.port = proxy.port();
        DoorLink link(way);
        QVERIFY(link.waitUntilConnected());
        scene.behind.keepsAnswers = true;
        auto answer = ask(link, "wait");
        QVERIFY(eventually([&] { return scene.behind.look(&Behind::asked) == 1; }));
        proxy.cut();
        QVERIFY(isClosed(answer.get()));
        for (const auto& done : scene.behind.kept) done(bytesOf("too late")); // harmless
        scene.behind.kept.clear();
        scene.behind.keepsAnswers = false;
        QVERIFY(eventually([&] { return ask(link, "again").get().ok(); }));
    }

    /// No packet comes any more, and no word of an end either.
    void aWireThatIsPulledOutIsNoticed() {
        Scene scene;
        Proxy proxy(scene.door.port());
        net::RemoteOptions way = scene.door.way(keysOf("ada"));
        way.port = proxy.port();
        way.pingMs = 40;
        way.silenceMs = 150;
        DoorLink link(way);
        QVERIFY(link.waitUntilConnected());
        proxy.setSilent(true);
        QVERIFY(isClosed(ask(link, "anybody?").get()));
        proxy.setSilent(false);
        proxy.cut(); // what hangs in between
        QVERIFY(eventually([&] { return ask(link, "again").get().ok(); }));
    }

    void aServerThatStopsSaysGoodbye() {
        Behind behind;
        std::optional<Door> door(std::in_place, keysOf("server"), behind.service());
        const auto link = door->enter(keysOf("ada"));
        behind.keepsAnswers = true;
        auto answer = ask(*link, "wait");
        QVERIFY(eventually([&] { return behind.look(&Behind::asked) == 1; }));
        door.reset();
        QVERIFY(isClosed(answer.get()));
        QCOMPARE(behind.look(&Behind::links), std::size_t{0});
        QVERIFY(eventually([&] { return link->remote().status().state == RemoteState::Unreachable; }));
        behind.kept.front()(bytesOf("nobody is there"));
    }

    /// Whatever outlives the connection's owner is answered.
    void whatOutlivesTheRemoteIsClosed() {
        Scene scene;
        std::shared_ptr<ports::Link> link;
        std::shared_ptr<ports::FileStore> files;
        std::unique_ptr<ports::Subscription> subscription;
        {
            const auto door = scene.door.enter(keysOf("ada"));
            link = door->remote().link();
            files = door->remote().files();
            subscription = link->subscribe(ports::Link::Stream::Public, 0, [](const wire::StreamItem&) {});
        }
        QVERIFY(isClosed(ask(*link, "hello?").get()));
        QVERIFY(!files->sizeOf(Hash()).ok()); // whether it is there nobody can tell
        subscription.reset();
    }

    // --- files -------------------------------------------------------------------------------------------------------

    void aFileIsBroughtAndFetched() {
        Scene scene;
        const Sealed sealed(3'000'000);
        const auto seller = scene.door.enter(keysOf("seller"));
        const auto there = seller->remote().files();
        QCOMPARE(*there->sizeOf(sealed.root), std::uint64_t{0});
        auto upload = there->upload(sealed.root);
        QVERIFY(upload.ok() && (*upload)->there() == 0);
        QVERIFY((*upload)->write(ByteView(sealed.bytes).first(1'234'567)));
        QCOMPARE(*scene.behind.files.sizeOf(sealed.root), std::uint64_t{0});
        QVERIFY((*upload)->write(ByteView(sealed.bytes).subspan(1'234'567)));
        QVERIFY((*upload)->commit());
        QVERIFY((*upload)->commit()); // said again
        const auto buyer = scene.door.enter(keysOf("buyer"));
        const auto here = buyer->remote().files();
        QCOMPARE(*here->sizeOf(sealed.root), sealed.bytes.size());
        Bytes all(sealed.bytes.size() + 100);
        const auto got = here->read(sealed.root, 0, all);
        QVERIFY(got.ok() && *got == sealed.bytes.size());
        all.resize(*got);
        QVERIFY(all == sealed.bytes);
        Bytes some(1000);
        const auto end = here->read(sealed.root, sealed.bytes.size() - 10, some);
        QVERIFY(end.ok() && *end == 10);
        QVERIFY(!here->read(Hash(), 0, some));
        // The server has made the list of its hashes itself.
        const auto list = ports::StoredFile::open(*here, ports::storedHashesName(sealed.root));
        QVERIFY(list.ok() && list->size() > 8);
        // What is there already need not be brought.
        auto again = here->upload(sealed.root);
        QVERIFY(again.ok() && (*again)->there() == sealed.bytes.size());
        QVERIFY((*again)->commit());
    }

    void aFileThatIsCutOffGoesOn() {
        Scene scene;
        const Sealed sealed(20'000'000);
        Proxy proxy(scene.door.port());
        net::RemoteOptions way = scene.door.way(keysOf("seller"));
        way.port = proxy.port();
        DoorLink link(way);
        QVERIFY(link.waitUntilConnected());
        const auto files = link.remote().files();
        std::atomic<bool> isOver{false};
        std::thread scissors([&] {
            for (int i = 0; i < 4 && !isOver; ++i) {
                QTest::qSleep(20);
                proxy.cut();
            }
        });
        auto upload = files->upload(sealed.root);
        QVERIFY(upload.ok());
        constexpr std::size_t kPiece = 1'000'000;
        for (std::size_t at = 0; at < sealed.bytes.size(); at += kPiece) {
            const auto size = std::min(kPiece, sealed.bytes.size() - at);
            const auto written = (*upload)->write(ByteView(sealed.bytes).subspan(at, size));
            if (!written) qWarning("%s", written.error().detail.c_str());
            QVERIFY(written.ok());
        }
        QVERIFY((*upload)->commit());
        isOver = true;
        scissors.join();
        QVERIFY(proxy.connections() > 1);
        QCOMPARE(*scene.behind.files.sizeOf(sealed.root), sealed.bytes.size());
        std::thread more([&] {
            QTest::qSleep(5);
            proxy.cut();
        });
        Bytes all(sealed.bytes.size());
        const auto got = files->read(sealed.root, 0, all);
        more.join();
        QVERIFY(got.ok() && *got == all.size() && all == sealed.bytes);
    }

    /// Another run of the program goes on as well, of the same person.
    void anUploadIsGoneOnWithLater() {
        Scene scene;
        const Sealed sealed(2'000'000);
        {
            const auto seller = scene.door.enter(keysOf("seller"));
            auto upload = seller->remote().files()->upload(sealed.root);
            QVERIFY((*upload)->write(ByteView(sealed.bytes).first(1'500'000)));
        }
        { // somebody else's bytes are not in the way
            const auto other = scene.door.enter(keysOf("other"));
            auto upload = other->remote().files()->upload(sealed.root);
            QVERIFY(upload.ok() && (*upload)->there() == 0);
            QVERIFY((*upload)->write(Bytes(1000)));
            const auto done = (*upload)->commit();
            QVERIFY(!done && done.error().error == ports::StoreError::Damaged);
            QCOMPARE(*scene.behind.files.sizeOf(sealed.root), std::uint64_t{0});
        }
        const auto seller = scene.door.enter(keysOf("seller"));
        auto upload = seller->remote().files()->upload(sealed.root);
        QVERIFY(upload.ok());
        QCOMPARE((*upload)->there(), std::uint64_t{1'500'000});
        QVERIFY((*upload)->write(ByteView(sealed.bytes).subspan(1'500'000)));
        QVERIFY((*upload)->commit());
        QCOMPARE(*scene.behind.files.sizeOf(sealed.root), sealed.bytes.size());
    }

    /// With a folder for the files, also after the server was started again; and it begins anew when what had come was
    /// another file.
    void anUploadSpansARestartOfTheServer() {
        const QTemporaryDir folder;
        constexpr std::size_t kStep = store::ReceivedFile::kStep;
        const Sealed sealed(2 * kStep);
        const auto open = [&] { return store::FolderFileStore::open(folder.path().toStdString()).value(); };
        const auto begin = [&](ports::FileStore& files, const std::function<void(ports::FileStore&)>& act) {
            Behind behind;
            net::Service service = behind.service();
            service.files = &files;
            Door door(keysOf("server"), service);
            const auto seller = door.enter(keysOf("seller"));
            act(*seller->remote().files());
        };
        begin(*open(), [&](ports::FileStore& there) {
            auto upload = there.upload(sealed.root);
            QVERIFY(upload.ok() && (*upload)->write(ByteView(sealed.bytes).first(kStep + 100'000)));
        });
        const auto files = open();
        begin(*files, [&](ports::FileStore& there) {
            auto upload = there.upload(sealed.root);
            QVERIFY(upload.ok());
            QCOMPARE((*upload)->there(), std::uint64_t{kStep});
            QVERIFY((*upload)->write(ByteView(sealed.bytes).subspan(kStep)) && (*upload)->commit());
            QCOMPARE(*there.sizeOf(sealed.root), sealed.bytes.size());
            auto wrong = there.upload(Sealed(7).root);
            QVERIFY((*wrong)->write(Bytes(kStep)));
            const auto done = (*wrong)->commit();
            QVERIFY(!done && done.error().error == ports::StoreError::Damaged);
            QCOMPARE((*there.upload(Sealed(7).root))->there(), std::uint64_t{0});
        });
    }

    /// Whoever asks is not told that the file is missing.
    void aStoreThatCannotBeSeenSaysSo() {
        const QTemporaryDir folder;
        const QString place = folder.filePath(QStringLiteral("files"));
        const auto files = store::FolderFileStore::open(place.toStdString()).value();
        QVERIFY(QDir(folder.path()).rename(QStringLiteral("files"), QStringLiteral("away")));
        QFile other(place);
        QVERIFY(other.open(QIODevice::WriteOnly));
        Behind behind;
        net::Service service = behind.service();
        service.files = files.get();
        Door door(keysOf("server"), service);
        const auto visitor = door.enter(keysOf("seller"));
        const auto there = visitor->remote().files();
        const std::string why = std::string("the server answers: ") + wire::nameOf(wire::FileRefused::StoreFailed);
        QCOMPARE(there->sizeOf(Hash{}).error().detail, why);
        Bytes piece(10);
        QCOMPARE(there->read(Hash{}, 0, piece).error().detail, why);
        QCOMPARE(there->upload(Hash{}).error().detail, why);
    }

    /// For what is under way the server need not ask it.
    void aStoreThatCannotTellEndsNoUpload() {
        Scene scene;
        const Sealed sealed(1'000'000);
        const auto seller = scene.door.enter(keysOf("seller"));
        const auto there = seller->remote().files();
        QVERIFY((*there->upload(sealed.root))->write(ByteView(sealed.bytes).first(600'000)));
        scene.behind.files.cannotTell = true;
        auto upload = there->upload(sealed.root);
        QVERIFY2(upload.ok(), upload ? "" : upload.error().detail.c_str());
        QCOMPARE((*upload)->there(), std::uint64_t{600'000});
        QVERIFY((*upload)->write(ByteView(sealed.bytes).subspan(600'000)) && (*upload)->commit());
        scene.behind.files.cannotTell = false;
        QCOMPARE(*there->sizeOf(sealed.root), sealed.bytes.size());
    }

    void notEverybodyBringsFilesAndNotAnyNumber() {
        net::Limits limits;
        limits.uploadsOfOne = 2;
        limits.uploadBytes = 1'000'000;
        Scene scene(limits);
        scene.behind.mayNotUpload.insert(keysOf("stranger").key());
        const auto stranger = scene.door.enter(keysOf("stranger"));
        QVERIFY(!stranger->remote().files()->upload(Sealed(1000).root));
        const auto seller = scene.door.enter(keysOf("seller"));
        const auto files = seller->remote().files();
        std::vector<Result<std::unique_ptr<ports::FileStore::Upload>, ports::StoreFailure>> begun;
        for (std::size_t i = 1; i <= 3; ++i) begun.push_back(files->upload(Sealed(i).root));
        QVERIFY(begun[0].ok() && begun[1].ok() && !begun[2].ok());
        QVERIFY((*begun[0])->write(Bytes(500'000)) && !(*begun[0])->write(Bytes(500'001)));
        QVERIFY(files->upload(Sealed(4).root).ok()); // what was too large is gone
    }

    void aPieceOutOfOrderIsRefused() {
        Scene scene;
        RawClient client(scene.door.port());
        QVERIFY(client.enter(keysOf("ada")));
        const Hash root = Sealed(1000).root;
        const auto refusal = [&](const wire::ToServer& message) {
            client.send(message);
            const auto answer = client.nextOf<wire::FileNotDone>();
            return answer ? std::optional(answer->why) : std::nullopt;
        };
        QVERIFY(refusal(wire::FileWrite{1, root, 0, Bytes(10)}) == wire::FileRefused::NotHere);
        QVERIFY(refusal(wire::FileEnd{2, root}) == wire::FileRefused::NotHere);
        client.send(wire::FileBegin{3, root});
        QVERIFY(client.nextOf<wire::FileState>().has_value());
        QVERIFY(refusal(wire::FileWrite{4, root, 1, Bytes(10)}) == wire::FileRefused::OutOfOrder);
        QVERIFY(refusal(wire::FileWrite{5, root, 0, Bytes(wire::kMostPiece + 1)}) == wire::FileRefused::OutOfOrder);
        QVERIFY(refusal(wire::FileRead{6, root, 0, wire::kMostPiece + 1}) == wire::FileRefused::OutOfOrder);
        QVERIFY(refusal(wire::FileRead{7, root, 0, 10}) == wire::FileRefused::NotHere);
    }
};

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
