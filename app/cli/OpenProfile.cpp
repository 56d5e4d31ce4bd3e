#include "app/cli/OpenProfile.h"

#include "app/cli/Passphrase.h"
#include "app/embedded/FirstContact.h"

#include <filesystem>

namespace tallylock::cli {

int refused(const api::Refusal& refusal) {
    if (refusal.problem == api::Problem::FolderInUse) return fail(folderInUse(refusal.detail));
    return fail(std::string(api::nameOf(refusal.problem)) +
                (refusal.detail.empty() ? "" : " (" + refusal.detail + ")"));
}

bool OpenNode::start(const std::string& folder) {
    if (!std::filesystem::is_directory(folder)) {
        fail("no such folder: " + folder);
        return false;
    }
    app::NodeOptions settings;
    settings.folder = folder;
    settings.executor = loop.executor();
    auto coordinator = app::readCoordinator(folder); // as the desktop program does
    if (!coordinator) {
        refused(coordinator.error());
        return false;
    }
    settings.coordinator = std::move(*coordinator);
    auto started = app::AppNode::start(settings);
    if (!started) {
        refused(started.error());
        return false;
    }
    node = std::move(*started);
    return true;
}

std::unique_ptr<OpenNode> OpenNode::open(const std::string& folder) {
    auto opened = std::make_unique<OpenNode>();
    return opened->start(folder) ? std::move(opened) : nullptr;
}

std::unique_ptr<OpenProfile> OpenProfile::open(const std::string& folder, const std::string& name) {
    auto opened = std::make_unique<OpenProfile>();
    if (!opened->start(folder)) return nullptr;
    SecretBytes passphrase;
    for (const api::ProfileRow& row : opened->node->profiles()) {
        if (row.name != name || row.keeping != api::Keeping::Passphrase) continue;
        auto typed = askSecret("Passphrase");
        if (!typed) return nullptr;
        passphrase = std::move(*typed);
    }
    auto session = opened->loop.ask<std::shared_ptr<api::Session>>(
        [&](auto done) { opened->node->openProfile(name, std::move(passphrase), done); });
    if (!session) {
        refused(session.error());
        return nullptr;
    }
    opened->session = std::move(*session);
    return opened;
}

} // namespace tallylock::cli
