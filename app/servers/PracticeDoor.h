// A coordinator's link for people far away, where the money is for practice: the wallet and the bank outside answer on
// it too.
#pragma once

#include "core/base/TaskThread.h"
#include "core/ports/Link.h"
#include "core/rails/practice/PracticeWorld.h"

namespace tallylock::app {

class PracticeDoor {
public:
    /// The world outlives it; the links may outlive both.
    explicit PracticeDoor(rails::PracticeWorld& world) : m_desk(std::make_shared<Desk>(world)) {}
    ~PracticeDoor() { m_desk->thread.stop(); }
    /// Answers what is about the practice money itself, and hands the rest on. Any thread.
    std::unique_ptr<ports::Link> through(std::unique_ptr<ports::Link> coordinator) const;

private:
    struct Desk {
        explicit Desk(rails::PracticeWorld& outside) : world(outside) {}
        rails::PracticeWorld& world;
        TaskThread thread;
    };
    class Through;
    std::shared_ptr<Desk> m_desk;
};

} // namespace tallylock::app
