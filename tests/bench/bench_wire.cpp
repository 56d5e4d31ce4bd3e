// Orders over TLS on loopback, durable when they are acknowledged: from a frame at the client to its answer there. 1, 8
// and 100 connections, with 1, 32 and 8 orders in flight on each, all on the same machine. The tables follow, and their
// lag at the end is told. The reference in the same run is the bare echo of the same frames over the same transport,
// and for a lone order also a durable append of the same size.
//
// Then a sealed file that is brought to a server's folder and fetched again, beside a copy of the same bytes on the
// disk; and how long a connection that was cut takes until it answers again.
//
// And 10,000 idle connections at a server in a process of its own: its memory for each, and what a lone echo costs
// with and without them.
#include "core/net/Channel.h"
#include "core/store/Disk.h"
#include "core/store/FolderFileStore.h"
#include "core/store/SqliteProjector.h"
#include "tests/bench/BenchHost.h"
#include "tests/support/Door.h"
#include "tests/support/Proxy.h"
#include "tests/support/SealedBytes.h"

#include <QCoreApplication>

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <future>
#include <semaphore>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

using namespace tallylock;
using namespace tallylock::bench;
using test::Door;
using test::DoorLink;
using Now = std::chrono::steady_clock;

namespace {

constexpr double kSeconds = 4;
constexpr std::uint32_t kMostConnections = 100;

class EchoLink final : public ports::Link {
public:
    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        done(std::move(frame));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                   std::function<void(const wire::StreamItem&)>) override {
        return nullptr;
    }
};
net::Service echoService() {
    net::Service service;
    service.connect = [](const IdentityKey&) { return std::make_unique<EchoLink>(); };
    return service;
}

std::string nameOf(std::uint32_t number) { return "account " + std::to_string(number); }

struct Outcome {
    double perSecond = 0;
    double medianUs = 0;
    double p99Us = 0;
};

/// Keeps so many questions in flight on each link, each answer sending the next.
class Load {
public:
    Load(std::vector<DoorLink*> links, std::uint32_t inFlight, std::function<Bytes(std::uint32_t link)> make)
        : m_links(std::move(links)),
          m_inFlight(inFlight),
          m_make(std::move(make)) {
        for (std::size_t i = 0; i < m_links.size(); ++i) m_perLink.push_back(std::make_unique<PerLink>());
    }
    Outcome run(double seconds) {
        const auto start = Now::now();
        m_end = start + std::chrono::duration_cast<Now::duration>(std::chrono::duration<double>(seconds));
        m_open = static_cast<std::uint32_t>(m_links.size()) * m_inFlight;
        for (std::uint32_t link = 0; link < m_links.size(); ++link)
            for (std::uint32_t i = 0; i < m_inFlight; ++i) send(link);
        m_done.acquire();
        const double took = std::chrono::duration<double>(Now::now() - start).count();
        if (m_failed) giveUp("a question was not answered");
        std::vector<float> all;
        for (const auto& one : m_perLink) all.insert(all.end(), one->latenciesUs.begin(), one->latenciesUs.end());
        std::sort(all.begin(), all.end());
        return {static_cast<double>(all.size()) / took, all[all.size() / 2], all[all.size() * 99 / 100]};
    }

private:
    struct PerLink {
        std::recursive_mutex mutex; ///< a link's counter rises in the order of its frames
        std::vector<float> latenciesUs;
    };
    void send(std::uint32_t link) {
        PerLink& mine = *m_perLink[link];
        const std::lock_guard lock(mine.mutex);
        m_links[link]->request(
            m_make(link), [this, link, at = Now::now()](const Result<Bytes, ports::LinkError>& answer) {
                if (!answer) m_failed = true;
                const auto now = Now::now();
                {
                    PerLink& own = *m_perLink[link];
                    const std::lock_guard held(own.mutex);
                    own.latenciesUs.push_back(std::chrono::duration<float, std::micro>(now - at).count());
                }
                if (now < m_end && !m_failed) return send(link);
                if (--m_open == 0) m_done.release();
            });
    }
    std::vector<DoorLink*> m_links;
    std::uint32_t m_inFlight;
    std::function<Bytes(std::uint32_t)> m_make;
    Now::time_point m_end;
    std::vector<std::unique_ptr<PerLink>> m_perLink;
    std::atomic<std::uint32_t> m_open{0};
    std::atomic<bool> m_failed{false};
    std::binary_semaphore m_done{0};
};

std::vector<std::unique_ptr<DoorLink>> enter(const Door& door, std::uint32_t count) {
    std::vector<std::unique_ptr<DoorLink>> links;
    for (std::uint32_t i = 0; i < count; ++i) links.push_back(door.enter(identityOf(nameOf(i))));
    return links;
}
std::vector<DoorLink*> firstOf(const std::vector<std::unique_ptr<DoorLink>>& links, std::uint32_t count) {
    std::vector<DoorLink*> some;
    for (std::uint32_t i = 0; i < count; ++i) some.push_back(links[i].get());
    return some;
}

struct Shape {
    const char* name;
    std::uint32_t connections;
    std::uint32_t inFlight;
};
constexpr Shape kShapes[] = {{"1x1", 1, 1}, {"1x32", 1, 32}, {"8x32", 8, 32}, {"100x8", 100, 8}};

/// A durable append of so many bytes, by itself.
double loneCommitUs(const TemporaryFolder& folder, std::size_t bytes) {
    auto journal = store::SqliteJournal::open(folder.file("alone.sqlite"));
    if (!journal) giveUp(journal.error().detail);
    std::vector<float> took;
    for (int i = 0; i < 2'000; ++i) {
        const auto start = Now::now();
        if (!(*journal)->append({Bytes(bytes, 0x5a)})) giveUp("cannot write");
        took.push_back(std::chrono::duration<float, std::micro>(Now::now() - start).count());
    }
    std::sort(took.begin(), took.end());
    return took[took.size() / 2];
}

/// Each trader's order, on the session of its connection.
void measureOrders(Figures& figures) {
    const TemporaryFolder folder;
    Door echo(identityOf("echo"), echoService());
    BenchHost host(
        folder.file("journal.sqlite"), [&folder] { return store::SqliteProjector::open(folder.file("tables.sqlite")); },
        kMostConnections);
    net::Service service;
    service.connect = [&](const IdentityKey& who) { return host.host->connect(who); };
    Door door(identityOf("coordinator"), std::move(service));
    auto echoLinks = enter(echo, kMostConnections);
    auto links = enter(door, kMostConnections);
    for (std::uint32_t i = 0; i < kMostConnections; ++i) {
        Trader& trader = host.traders[i];
        trader.link = std::move(links[i]); // its session is a new one
        const Hash nonce = std::get<wire::Challenge>(trader.ask(wire::ChallengeRequest{})).nonce;
        trader.ask(wire::OpenSession{trader.identity.sign(wire::kSessionLabel, wire::SessionNote{door.key(), nonce})});
        links[i].reset(static_cast<DoorLink*>(trader.link.release()));
    }
    std::mutex flowMutex;
    OrderFlow flow(kMostConnections, 1);
    const auto order = [&](std::uint32_t link) {
        engine::PlaceOrder command;
        {
            const std::lock_guard lock(flowMutex);
            command = flow.next().command();
        }
        return encodeCbor(wire::Request{
            wire::SubmitUnsigned{++host.traders[link].counter, engine::PlaceOrder::kType, encodeCbor(command)}});
    };
    const Bytes frame = order(0);
    --host.traders[0].counter;
    const double commitUs = loneCommitUs(folder, 400);
    figures["lone_commit_us"] = commitUs;
    for (const Shape& shape : kShapes) {
        const Outcome bare = Load(firstOf(echoLinks, shape.connections), shape.inFlight, [&](std::uint32_t) {
                                 return frame;
                             }).run(kSeconds);
        const Outcome real = Load(firstOf(links, shape.connections), shape.inFlight, order).run(kSeconds);
        const std::string name = shape.name;
        figures["echo_s_" + name] = bare.perSecond;
        figures["orders_s_" + name] = real.perSecond;
        figures["ratio_" + name] = real.perSecond / bare.perSecond;
        figures["p50_us_" + name] = real.medianUs;
        figures["p99_us_" + name] = real.p99Us;
        std::printf("%-6s echo %9.0f/s (p50 %.0f us), orders %9.0f/s (p50 %.0f us, p99 %.0f us), ratio %.2f\n",
                    shape.name, bare.perSecond, bare.medianUs, real.perSecond, real.medianUs, real.p99Us,
                    real.perSecond / bare.perSecond);
        if (name == "1x1") {
            figures["lone_p50_to_echo_and_commit"] = real.medianUs / (bare.medianUs + commitUs);
            std::printf("       a lone commit takes %.0f us: %.2f times an echo and a commit\n", commitUs,
                        figures["lone_p50_to_echo_and_commit"]);
        }
    }
    const auto start = Now::now();
    const std::uint64_t end = host.host->status().sequence;
    wire::HistoryQuery query;
    query.eventType = engine::OrderPlaced::kType;
    query.limit = 1;
    query.minSequence = end;
    for (;;) {
        const auto page = host.host->history(HolderId{1}, query);
        if (!page || !page->stale) break;
    }
    figures["tables_lag_s"] = std::chrono::duration<double>(Now::now() - start).count();
    std::printf("tables are %.2f s behind at the end\n", figures["tables_lag_s"]);
}

/// Connections that log in and then say nothing more, all on one thread.
class IdleClients {
public:
    IdleClients(std::uint16_t port, const IdentityKey& server, std::size_t count) : m_server(server) {
        for (std::size_t i = 0; i < count; ++i) {
            boost::asio::ip::tcp::socket socket(m_io);
            socket.connect({boost::asio::ip::address_v4::loopback(), port});
            m_clients.push_back(std::make_unique<Client>(*this, std::move(socket)));
            const std::size_t wanted = i + 1;
            while (m_loggedIn < wanted) m_io.run_one(); // one after the other: a crowd would be turned away
        }
    }

private:
    struct Client final : net::Channel::Owner {
        Client(IdleClients& owner, boost::asio::ip::tcp::socket socket)
            : all(owner),
              channel(std::make_shared<net::Channel>(std::move(socket), *owner.m_tls, false, wire::kMostToClient,
                                                     static_cast<net::Channel::Owner&>(*this))) {
            channel->start();
        }
        ~Client() override { channel->end(); }
        void opened(const Hash& made) override { binding = made; }
        void received(ByteView message) override {
            const auto said = decodeCbor<wire::ToClient>(message);
            if (said && std::holds_alternative<wire::LoggedIn>(*said)) {
                ++all.m_loggedIn;
                return;
            }
            const keys::Identity& self = all.m_self;
            const wire::ClientNote note{self.key(), all.m_server, binding};
            channel->send(encodeCbor(
                wire::ToServer(wire::Login{wire::kConnectionVersion, self.key(), self.sign("client", note)})));
        }
        void drained() override {}
        void ended(const std::string& reason) override { giveUp("an idle connection ended: " + reason); }
        IdleClients& all;
        Hash binding;
        std::shared_ptr<net::Channel> channel;
    };
    IdentityKey m_server;
    keys::Identity m_self = identityOf("idle");
    net::TlsContext m_tls = net::clientTls();
    boost::asio::io_context m_io{1};
    std::size_t m_loggedIn = 0;
    std::vector<std::unique_ptr<Client>> m_clients;
};

double residentKb(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/statm");
    long total = 0;
    long resident = 0;
    file >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024;
}

void measureIdle(Figures& figures) {
    constexpr std::size_t kIdle = 10'000;
    int ends[2];
    if (::pipe(ends) != 0) giveUp("no pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        net::Limits limits;
        limits.connectionsOfAddress = limits.connections;
        Door door(identityOf("echo"), echoService(), limits);
        const std::uint16_t port = door.port();
        (void)!::write(ends[1], &port, sizeof port);
        for (;;) ::pause();
    }
    std::uint16_t port = 0;
    if (::read(ends[0], &port, sizeof port) != sizeof port) giveUp("the server does not start");
    const IdentityKey server = identityOf("echo").key();
    net::RemoteOptions way;
    way.host = "127.0.0.1";
    way.port = port;
    way.server = server;
    way.self = std::make_shared<const keys::Identity>(identityOf("busy"));
    DoorLink busy(std::move(way));
    if (!busy.waitUntilConnected()) giveUp("cannot connect");
    const Bytes frame(132, 0x5a);
    const auto lone = [&] { return Load({&busy}, 1, [&](std::uint32_t) { return frame; }).run(kSeconds); };
    const Outcome before = lone();
    const double emptyKb = residentKb(child);
    const auto start = Now::now();
    const IdleClients idle(port, server, kIdle);
    const double took = std::chrono::duration<double>(Now::now() - start).count();
    const double each = (residentKb(child) - emptyKb) / static_cast<double>(kIdle);
    const Outcome after = lone();
    figures["idle_kb_each"] = each;
    figures["idle_logins_s"] = static_cast<double>(kIdle) / took;
    figures["lone_echo_us"] = before.medianUs;
    figures["lone_echo_us_with_idle"] = after.medianUs;
    std::printf(
        "%zu idle connections: %.1f KB each at the server, %.0f logins/s; a lone echo %.0f us without and %.0f us "
        "with them\n",
        kIdle, each, static_cast<double>(kIdle) / took, before.medianUs, after.medianUs);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

double secondsOf(const std::function<void()>& act) {
    const auto start = Now::now();
    act();
    return std::chrono::duration<double>(Now::now() - start).count();
}

/// By portions, over TLS, into a folder and out of it; the server checks what it takes against its root.
void measureFiles(Figures& figures) {
    constexpr std::size_t kSize = std::size_t{256} << 20;
    constexpr std::size_t kPiece = std::size_t{4} << 20;
    const TemporaryFolder folder;
    const test::Sealed sealed(kSize);
    const double megabytes = static_cast<double>(sealed.bytes.size()) / 1e6;
    const double copied = secondsOf([&] {
        store::DiskFile copy(folder.file("copy"), O_RDWR | O_CREAT);
        Bytes again(sealed.bytes.size());
        if (!copy.write(sealed.bytes) || !copy.sync() || !copy.readAt(0, again)) giveUp("cannot copy");
    });
    const auto files = store::FolderFileStore::open(folder.file("files"));
    if (!files) giveUp(files.error().detail);
    net::Service service = echoService();
    service.files = files->get();
    service.mayUpload = [](const IdentityKey&) { return true; };
    Door door(identityOf("files"), std::move(service));
    const auto seller = door.enter(identityOf("seller"));
    const auto there = seller->remote().files();
    const double brought = secondsOf([&] {
        auto upload = there->upload(sealed.root);
        if (!upload) giveUp(upload.error().detail);
        for (std::size_t at = 0; at < sealed.bytes.size(); at += kPiece) {
            const auto size = std::min(kPiece, sealed.bytes.size() - at);
            if (!(*upload)->write(ByteView(sealed.bytes).subspan(at, size))) giveUp("not brought");
        }
        if (!(*upload)->commit()) giveUp("not kept");
    });
    const double fetched = secondsOf([&] {
        Bytes piece(kPiece);
        for (std::size_t at = 0; at < sealed.bytes.size();) {
            const auto got = there->read(sealed.root, at, piece);
            if (!got || *got == 0) giveUp("not fetched");
            at += *got;
        }
    });
    figures["copy_mb_s"] = megabytes / copied;
    figures["upload_mb_s"] = megabytes / brought;
    figures["download_mb_s"] = megabytes / fetched;
    std::printf(
        "a sealed file: brought at %.0f MB/s, fetched at %.0f MB/s; written and read on the disk at %.0f MB/s\n",
        megabytes / brought, megabytes / fetched, megabytes / copied);
}

void measureCuts(Figures& figures) {
    constexpr int kCuts = 20;
    Door door(identityOf("echo"), echoService());
    test::Proxy wire(door.port());
    net::RemoteOptions way;
    way.host = "127.0.0.1";
    way.port = wire.port();
    way.server = door.key();
    way.self = std::make_shared<const keys::Identity>(identityOf("cut"));
    DoorLink link(std::move(way));
    if (!link.waitUntilConnected()) giveUp("cannot connect");
    std::vector<double> tookMs;
    for (int i = 0; i < kCuts; ++i) {
        wire.cut();
        tookMs.push_back(1e3 * secondsOf([&] {
                             for (bool answered = false; !answered;) {
                                 std::promise<bool> is;
                                 link.request(Bytes(132, 0x5a), [&](const auto& answer) { is.set_value(answer.ok()); });
                                 answered = is.get_future().get();
                                 if (!answered) std::this_thread::sleep_for(std::chrono::milliseconds(1));
                             }
                         }));
    }
    std::sort(tookMs.begin(), tookMs.end());
    figures["resume_ms"] = tookMs[kCuts / 2];
    figures["resume_ms_worst"] = tookMs.back();
    std::printf("a connection that is cut answers again after %.0f ms (%.0f at most)\n", tookMs[kCuts / 2],
                tookMs.back());
}

} // namespace

int main(int argc, char** argv) {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    Figures figures;
    measureIdle(figures); // before there are threads
    const QCoreApplication application(argc, argv);
    measureOrders(figures);
    measureFiles(figures);
    measureCuts(figures);
    return figures.report("wire.json");
}
