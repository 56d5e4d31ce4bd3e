#include "app/operator/OperatorDoor.h"

#include "app/operator/OperatorWire.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tallylock::app {

namespace {

constexpr std::chrono::milliseconds kPause{100};
constexpr std::chrono::seconds kToAsk{10};
constexpr std::chrono::seconds kToTell{30};
constexpr std::chrono::minutes kToBeAnswered{2};

ByteView viewOf(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
std::string textOf(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// Words that were typed once: the group and the act, and nothing that belongs to a person.
std::string actOf(const ActGroup& group, const Act& act) { return std::string(group.name) + " " + act.name; }

} // namespace

Result<std::unique_ptr<OperatorDoor>, std::string> OperatorDoor::open(Coordinator& coordinator, Clock& clock,
                                                                      const Log& log) {
    auto listening = DoorSocket::listenIn(coordinator.folder());
    if (!listening) return Err(kDoorName + (": " + listening.error()));
    DoorSocket wake(::eventfd(0, EFD_CLOEXEC));
    if (!wake) return Err(std::string(kDoorName) + ": no event");
    return std::unique_ptr<OperatorDoor>(
        new OperatorDoor(coordinator, clock, log, std::move(*listening), std::move(wake)));
}

OperatorDoor::OperatorDoor(Coordinator& coordinator, Clock& clock, const Log& log, DoorSocket listening,
                           DoorSocket wake)
    : m_desk(coordinator, clock, m_loop.executor()),
      m_log(log),
      m_listening(std::move(listening)),
      m_wake(std::move(wake)),
      m_thread([this] { run(); }) {}

OperatorDoor::~OperatorDoor() {
    const std::uint64_t one = 1;
    while (::write(m_wake.descriptor(), &one, sizeof one) < 0 && errno == EINTR) {
    }
    m_thread.join();
}

void OperatorDoor::run() {
    for (;;) {
        pollfd both[] = {{m_wake.descriptor(), POLLIN, 0}, {m_listening.descriptor(), POLLIN, 0}};
        if (::poll(both, std::size(both), -1) < 0 && errno != EINTR) return;
        if (both[0].revents != 0) return;
        DoorSocket socket(::accept4(m_listening.descriptor(), nullptr, nullptr, SOCK_CLOEXEC));
        if (socket) {
            answer(socket);
        } else {
            std::this_thread::sleep_for(kPause); // too many files are open, perhaps
        }
    }
}

void OperatorDoor::answer(DoorSocket& socket) {
    socket.within(kToAsk);
    const auto asked = socket.readHeader<DoorQuestion>();
    if (!asked || asked->attachedBytes > kMostDoorBytes) return;
    const auto attached = socket.read(asked->attachedBytes);
    if (!attached) return;
    Said said;
    const ActGroup* group = asked->words.empty() ? nullptr : groupNamed(asked->words.front());
    if (asked->version != kDoorVersion || !group) {
        said = failed("the coordinator here is of another release than this program");
    } else {
        const Words words(asked->words.begin() + 1, asked->words.end());
        std::string wrong;
        if (const Act* act = actIn(*group, words, wrong)) m_log.info("operator", {{"act", actOf(*group, *act)}});
        Talk talk{m_loop, m_desk, textOf(*attached)};
        said = perform(*group, talk, words);
    }
    const DoorAnswer answer{kDoorVersion, static_cast<std::uint8_t>(said.code), said.out.size(), said.err.size()};
    socket.within(kToTell);
    (void)(socket.writeHeader(answer) && socket.write(viewOf(said.out)) && socket.write(viewOf(said.err)));
}

std::optional<Said> askAtDoor(const std::filesystem::path& folder, const Words& words, ByteView attachment) {
    DoorSocket socket = DoorSocket::connectTo(folder);
    if (!socket) return std::nullopt;
    const auto broken = failed("the coordinator hung up before it had answered: whether it was done is not known");
    socket.within(kToBeAnswered);
    const DoorQuestion question{kDoorVersion, words, attachment.size()};
    if (!socket.writeHeader(question) || !socket.write(attachment)) return broken;
    const auto answer = socket.readHeader<DoorAnswer>();
    if (!answer || answer->outBytes > kMostDoorBytes || answer->errBytes > kMostDoorBytes) return broken;
    const auto out = socket.read(answer->outBytes);
    const auto err = out ? socket.read(answer->errBytes) : std::nullopt;
    if (!err) return broken;
    return Said{answer->code, textOf(*out), textOf(*err)};
}

} // namespace tallylock::app
