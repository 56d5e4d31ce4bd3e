// What tst_keychain starts inside a session bus: one act with a profile, its outcome on one line.
#include "app/embedded/Profiles.h"
#include "app/embedded/SystemKeychain.h"
#include "core/keys/PrivateFile.h"

#include <QCoreApplication>

#include <cstdio>

namespace {

using namespace tallylock;
using api::Keeping;

SecretBytes secret(std::string_view text) { return SecretBytes::copyOf(viewOf(text)); }

constexpr std::string_view kPhrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
constexpr std::string_view kOtherPhrase =
    "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";

template <class T>
std::string outcome(const api::Answer<T>& answer) {
    if (!answer) return api::nameOf(answer.error().problem);
    if constexpr (std::is_same_v<T, app::UnlockedProfile>)
        return answer->identity.key().hex();
    else
        return "done";
}

std::string entryOf(const std::string& folder) {
    const auto file = keys::readFile(folder + "/anna/vault", keys::kMaxVaultFileSize);
    return "vault-" + toHex(keys::readVaultHeader(*file)->entry);
}

} // namespace

int main(int count, char** values) {
    const QCoreApplication app(count, values);
    if (count != 3) return 2;
    const std::string act = values[1];
    const std::string folder = values[2];
    SystemRandom random;
    app::SystemKeychain keychain;
    app::Profiles profiles(folder, random, {1, 64}, keychain);
    const auto create = [&](std::string_view phrase, Keeping keeping) {
        return outcome(profiles.create({"anna", secret(phrase), {}, keeping, secret("a passphrase")}));
    };
    std::string said = "unknown act";
    if (act == "probe") {
        const auto works = app::tryKeychain(keychain, random);
        said = works ? "works" : works.error().error == ports::KeychainError::Unavailable ? "unavailable" : "missing";
    }
    if (act == "create") said = create(kPhrase, Keeping::Keychain);
    if (act == "create-other") said = create(kOtherPhrase, Keeping::Keychain);
    if (act == "create-with-passphrase") said = create(kPhrase, Keeping::Passphrase);
    if (act == "open") said = outcome(profiles.open("anna", {}));
    if (act == "open-with-passphrase") said = outcome(profiles.open("anna", secret("a passphrase")));
    if (act == "to-keychain")
        said = outcome(profiles.changeKeeping("anna", secret("a passphrase"), Keeping::Keychain, {}, false));
    if (act == "to-passphrase")
        said = outcome(profiles.changeKeeping("anna", {}, Keeping::Passphrase, secret("a passphrase"), false));
    if (act == "to-another-passphrase")
        said = outcome(profiles.changeKeeping("anna", secret("a passphrase"), Keeping::Passphrase,
                                              secret("another passphrase"), false));
    if (act == "open-somehow") { // in the old way, or in the new one
        auto opened = profiles.open("anna", secret("a passphrase"));
        if (!opened) opened = profiles.open("anna", secret("another passphrase"));
        said = outcome(opened);
    }
    if (act == "entry") said = entryOf(folder);
    if (act == "forget") said = keychain.remove(entryOf(folder)) ? "done" : "failed";
    if (act.starts_with("vault-")) { // is this entry still there?
        const auto found = keychain.read(act);
        said = found ? "there" : found.error().error == ports::KeychainError::Missing ? "missing" : "unavailable";
    }
    std::printf("%s\n", said.c_str());
    return 0;
}
