#include "app/embedded/Servers.h"

#include "app/embedded/SilentLink.h"

namespace tallylock::app {

using api::Answer;
namespace fs = std::filesystem;

Servers::~Servers() {
    if (coordinator) coordinator->stop();
}

std::unique_ptr<ports::Link> Servers::toKeyServer(const IdentityKey& from) const {
    auto link = keyServer.server->connect(from);
    return silence == Silence::Nobody ? std::move(link) : silentAfterPayment(std::move(link));
}

std::unique_ptr<ports::Link> Servers::toStandby(const IdentityKey& from) const {
    return silence == Silence::BothKeyServers ? silent() : standby.server->connect(from);
}

/// Each gets its way to the other.
static void introduce(Servers& servers) {
    host::Host& host = servers.coordinator->host();
    const IdentityKey& coordinator = servers.coordinator->key();
    host.setKeyServer(servers.toKeyServer(coordinator));
    servers.keyServer.server->setCoordinator(host.connect(servers.keyServer.server->key()));
    if (!servers.standby.server) return;
    host.setStandby(servers.toStandby(coordinator));
    servers.standby.server->setCoordinator(host.connect(servers.standby.server->key()));
}

Answer<std::unique_ptr<Servers>> startServers(const fs::path& folder, std::int64_t practiceBlockMs, Silence silence,
                                              std::optional<std::int64_t> outageMs, Clock& clock, Random& random) {
    if (auto made = makeFolder(folder); !made) return Err(made.error());
    if (auto made = makeFolder(folder / "profiles"); !made) return Err(made.error());
    auto servers = std::make_unique<Servers>();
    servers->silence = silence;
    auto coordinator = Coordinator::open({folder / "coordinator"}, random);
    if (!coordinator) return Err(coordinator.error());
    servers->coordinator = std::move(*coordinator);
    ports::FileStore& files = *servers->coordinator->files();
    auto keyServer = startKeyServing(folder / "keyserver", files, random);
    if (!keyServer) return Err(keyServer.error());
    servers->keyServer = std::move(*keyServer);
    if (servers->coordinator->mayHaveStandby()) {
        auto standby = startKeyServing(folder / "standby", files, random);
        if (!standby) return Err(standby.error());
        servers->standby = std::move(*standby);
    }
    const auto keysOf = [](const KeyServing& serving) {
        return engine::PartyKeys{serving.server->key(), serving.server->boxKey()};
    };
    CoordinatorRules rules{keysOf(servers->keyServer), {}, true, practiceBlockMs};
    rules.outageMs = outageMs;
    if (servers->standby.server) rules.standby = keysOf(servers->standby);
    if (auto started = servers->coordinator->start(rules, clock, random); !started) return Err(started.error());
    introduce(*servers);
    return servers;
}

} // namespace tallylock::app
