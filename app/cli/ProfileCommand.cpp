#include "app/cli/ProfileCommand.h"

#include "app/embedded/Profiles.h"
#include "app/embedded/SystemKeychain.h"

#include <cstdio>
#include <termios.h>
#include <unistd.h>

namespace tallylock::cli {

namespace {

/// While it lives, the terminal does not show what is typed.
class QuietTerminal {
public:
    QuietTerminal() : m_is(::tcgetattr(STDIN_FILENO, &m_before) == 0) {
        if (!m_is) return;
        termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~QuietTerminal() {
        if (m_is) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    bool is() const { return m_is; }

private:
    termios m_before{};
    bool m_is;
};

constexpr std::size_t kLongestPassphrase = 1024;

/// A line of standard input, byte by byte into guarded memory: a buffered stream would keep a copy.
SecretBytes askSecret(const char* question) {
    const QuietTerminal terminal;
    if (terminal.is()) std::fprintf(stderr, "%s: ", question);
    SecretBytes line(kLongestPassphrase);
    std::size_t size = 0;
    while (size < line.size() && ::read(STDIN_FILENO, line.data() + size, 1) == 1 && line.data()[size] != '\n') ++size;
    if (terminal.is()) std::fputc('\n', stderr);
    return SecretBytes::copyOf(line.view().first(size));
}

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
    SecretBytes now;
    for (const api::ProfileRow& row : profiles.rows()) {
        if (row.name == name && row.keeping == api::Keeping::Passphrase) now = askSecret("Passphrase now");
    }
    SecretBytes fresh;
    if (keeping == api::Keeping::Passphrase) {
        fresh = askSecret("New passphrase");
        if (!fresh.equals(askSecret("Passphrase again").view())) return fail("the two passphrases differ");
    }
    const auto changed = profiles.changeKeeping(name, now, keeping, fresh, false);
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
