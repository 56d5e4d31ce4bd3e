// The door by which whoever runs a coordinator speaks to it while it is at work: a local socket in its folder. Who may
// write to the folder may use it, and nobody else; nothing of it is on a network. docs/decisions/operators-door.md.
#pragma once

#include "app/operator/Acts.h"
#include "app/operator/DoorSocket.h"
#include "app/operator/OperatorDesk.h"
#include "app/servers/Log.h"

#include <thread>

namespace tallylock::app {

/// One thread of its own; one question after the other.
class OperatorDoor {
public:
    /// `coordinator`, which has started, `clock` and `log` outlive it. Else why it cannot be opened.
    static Result<std::unique_ptr<OperatorDoor>, std::string> open(Coordinator& coordinator, Clock& clock,
                                                                   const Log& log);
    /// Finishes the question that it is at.
    ~OperatorDoor();

private:
    OperatorDoor(Coordinator& coordinator, Clock& clock, const Log& log, DoorSocket listening, DoorSocket wake);
    void run();
    void answer(DoorSocket& socket);

    EventLoop m_loop;
    OperatorDesk m_desk;
    const Log& m_log;
    DoorSocket m_listening;
    DoorSocket m_wake; ///< an event: it is to end
    std::thread m_thread;
};

/// For the other end: asks the coordinator that is at work in this folder. Nothing: none is.
std::optional<Said> askAtDoor(const std::filesystem::path& folder, const Words& words, ByteView attachment);

} // namespace tallylock::app
