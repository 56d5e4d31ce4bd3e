#include "app/cli/ProfileCommand.h"

#include "app/cli/Passphrase.h"
#include "app/embedded/Profiles.h"
#include "app/embedded/SystemKeychain.h"

#include <cstdio>

namespace tallylock::cli {

namespace {

int failed(const api::Refusal& refusal) {
    return fail(std::string(api::nameOf(refusal.problem)) +
                (refusal.detail.empty() ? "" : " (" + refusal.detail + ")"));
}

int list(const app::Profiles& profiles) {
    for (const api::ProfileRow& row : profiles.rows()) {
        std::printf("%s  %s\n", row.name.c_str(), row.keeping == api::Keeping::Keychain ? "keychain" : "passphrase");
    }
    return kDone;
}

int change(app::Profiles& profiles, const std::string& name, api::Keeping keeping) {
    std::optional<SecretBytes> now = SecretBytes();
    for (const api::ProfileRow& row : profiles.rows()) {
        if (row.name == name && row.keeping == api::Keeping::Passphrase) now = askSecret("Passphrase now");
    }
    if (!now) return kFailed;
    std::optional<SecretBytes> fresh = SecretBytes();
    if (keeping == api::Keeping::Passphrase) {
        fresh = askSecret("New passphrase");
        const auto again = fresh ? askSecret("Passphrase again") : std::nullopt;
        if (!again) return kFailed;
        if (!fresh->equals(again->view())) return fail("the two passphrases differ");
    }
    const auto changed = profiles.changeKeeping(name, *now, keeping, *fresh, false);
    return changed ? kDone : failed(changed.error());
}

} // namespace

int runProfile(const Arguments& arguments) {
    const std::string act = arguments.empty() ? "" : arguments.front();
    const bool known =
        act == "list" ? arguments.size() == 2 : (act == "passphrase" || act == "keychain") && arguments.size() == 3;
    if (!known) return fail("usage: profile list DIR, profile passphrase DIR NAME, profile keychain DIR NAME");
    SystemRandom random;
    app::SystemKeychain keychain;
    app::Profiles profiles(std::filesystem::path(arguments[1]) / "profiles", random, {}, keychain);
    if (act == "list") return list(profiles);
    return change(profiles, arguments[2], act == "keychain" ? api::Keeping::Keychain : api::Keeping::Passphrase);
}

} // namespace tallylock::cli
