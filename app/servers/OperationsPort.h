// For whoever watches over a server: GET /healthz says whether it works, GET /metrics how much it does, in the text
// format of Prometheus. On a loopback address only: it knows no users.
#pragma once

#include "app/servers/Settings.h"

#include <functional>
#include <memory>
#include <vector>

namespace tallylock::app {

struct Metric {
    const char* name; ///< "tallylock_connections"
    const char* help;
    bool isCounter; ///< else it goes up and down
    double value;
};

struct OperationsQuestions {
    /// Nothing: it works. Else why not. Both are called on the port's thread, and may wait a little.
    std::function<std::optional<std::string>()> trouble;
    std::function<std::vector<Metric>()> metrics;
    /// What it does, while it works.
    std::function<std::string()> role = [] { return std::string("ok"); };
};

class OperationsPort {
public:
    static Result<std::unique_ptr<OperationsPort>, std::string> start(const NetworkPlace& place,
                                                                      OperationsQuestions questions);
    ~OperationsPort();
    std::uint16_t port() const;

private:
    class Core;
    explicit OperationsPort(std::unique_ptr<Core> core);
    std::unique_ptr<Core> m_core;
};

} // namespace tallylock::app
