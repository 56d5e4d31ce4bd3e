// The node of an app: any number of people, and the servers that they use. Those are in this process, with the practice
// rail, and then they are not separate, and it never claims so; or they are somebody else's. They are reached only
// through the links that they would be reached by if they were far away.
//
//   FOLDER/profiles/NAME/     see Profiles.h
//   FOLDER/coordinator.toml   which coordinator is used (FirstContact.h); missing: the one in this process, with
//   FOLDER/coordinator/       see app/servers/Coordinator.h
//   FOLDER/keyserver/         see app/servers/KeyServing.h
//   FOLDER/standby/           the same of the key server that takes over from a silent one
#pragma once

#include "core/api/Session.h"
#include "core/base/Clock.h"
#include "core/crypto/Kdf.h"

#include <filesystem>

namespace tallylock::app {

/// Who answers nothing more once a seller is paid: for stories of what happens then.
enum class Silence : std::uint8_t { Nobody, KeyServer, BothKeyServers };

struct NodeOptions {
    std::filesystem::path folder;
    /// Where all answers arrive. The node, its sessions and their destructors belong to that same thread.
    api::Executor executor;
    bool practice = true; ///< there is no other rail yet
    std::int64_t practiceBlockMs = 100;
    Clock* clock = nullptr;      ///< nothing: the system's. Sessions may outlive the node, and it outlives them
    crypto::ArgonCost vaultCost; ///< of new profiles
    Silence silence{};
    bool skipsTime = false; ///< the clock is the story's: it is no outage when it leaps
    /// The servers are somebody else's. None: they are in this process.
    std::optional<api::CoordinatorRow> coordinator{};
    std::filesystem::path mediaProgram; ///< what looks into files; empty: found beside this program
};

/// Needs a QCoreApplication.
class AppNode final : public api::Node {
public:
    /// Opens or makes the folder and starts the servers, if they are its own. FolderInUse: another process has it.
    /// Waits for the disk, and for no network.
    static api::Answer<std::unique_ptr<AppNode>> start(NodeOptions options);
    /// Stops the counterparty and the servers. A session may live on; its questions are then answered with Stopping.
    ~AppNode() override;

    void info(api::Done<api::NodeInfo> done) override;
    void trialBalance(api::Done<std::vector<api::TrialBalanceRow>> done) override;
    api::Operator* operatorDesk() override;
    std::optional<api::CoordinatorRow> coordinator() const override;
    void findCoordinator(std::string address, api::Done<api::FoundCoordinator> done) override;
    api::Answer<void> useCoordinator(const std::optional<api::CoordinatorRow>& coordinator) override;
    std::vector<api::ProfileRow> profiles() override;
    SecretBytes newPhrase(int words) override;
    api::Answer<void> checkPhrase(ByteView phrase) override;
    std::vector<std::string> phraseWords(std::string_view prefix, std::size_t limit) override;
    void lookInto(std::string path, api::Done<api::FileLook> done) override;
    bool isPhraseWord(std::string_view word) override;
    void checkKeychain(api::Done<void> done) override;
    using api::Node::createProfile;
    void createProfile(api::NewProfile profile, api::Done<std::shared_ptr<api::Session>> done) override;
    void openProfile(std::string name, SecretBytes passphrase, api::Done<std::shared_ptr<api::Session>> done) override;
    void lockProfile(const std::string& name) override;
    void changeKeeping(std::string name, SecretBytes passphrase, api::Keeping keeping, SecretBytes fresh,
                       api::Done<void> done) override;
    api::Practice* practice() override;

private:
    struct Inside;
    explicit AppNode(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> m_inside;
};

} // namespace tallylock::app
