// What the commands that act on a node have in common: starting the one in a folder, opening a profile on it, and
// telling refusals.
#pragma once

#include "app/cli/Command.h"
#include "app/embedded/AppNode.h"
#include "app/servers/EventLoop.h"

#include <memory>

namespace tallylock::cli {

/// Says what was refused, and returns kFailed.
int refused(const api::Refusal& refusal);

/// A node, for as long as a command runs. One thread, which runs the loop while it waits.
struct OpenNode {
    app::EventLoop loop;
    std::unique_ptr<app::AppNode> node;

    /// nullptr after saying what was wrong.
    static std::unique_ptr<OpenNode> open(const std::string& folder);

protected:
    bool start(const std::string& folder);
};

/// A profile with its node.
struct OpenProfile : OpenNode {
    std::shared_ptr<api::Session> session; // ends before the node

    /// Asks for the passphrase, if it has one. nullptr after saying what was wrong.
    static std::unique_ptr<OpenProfile> open(const std::string& folder, const std::string& name);
};

} // namespace tallylock::cli
