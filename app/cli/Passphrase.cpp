#include "app/cli/Passphrase.h"

#include "app/cli/Command.h"
#include "core/keys/PrivateFile.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace tallylock::cli {

static constexpr std::size_t kMaxPassphrase = 1024;
static constexpr std::uint8_t kControlC = 3;

namespace {
/// Byte by byte into guarded memory: a buffered stream would keep a copy. The end of input ends a line, too.
/// Nothing where there is no line, for Control-C, or for one that is too long.
std::optional<SecretBytes> secretLine(int descriptor) {
    SecretBytes buffer(kMaxPassphrase);
    std::size_t size = 0;
    for (;;) {
        const ssize_t got = size < buffer.size() ? ::read(descriptor, buffer.data() + size, 1) : 0;
        if (got < 0 && errno == EINTR) continue;
        const bool atEnd = got == 0 && size != 0 && size < buffer.size();
        if (!atEnd && (got <= 0 || buffer.data()[size] == kControlC)) return std::nullopt;
        if (atEnd || buffer.data()[size] == '\n') return SecretBytes::copyOf(buffer.view().first(size));
        ++size;
    }
}

/// The controlling terminal, silent while this lives.
class SilentTerminal {
public:
    SilentTerminal() : m_descriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
        if (m_descriptor < 0 || ::tcgetattr(m_descriptor, &m_before) != 0) return;
        termios silent = m_before;
        // Control-C comes as a character, so that the echo is on again before the program ends.
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        m_usable = ::tcsetattr(m_descriptor, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal() {
        if (m_usable) ::tcsetattr(m_descriptor, TCSAFLUSH, &m_before);
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    bool isUsable() const { return m_usable; }
    void say(std::string_view text) const { (void)!::write(m_descriptor, text.data(), text.size()); }

    /// A line without its end; nothing at the end of input, for Control-C, or for one that is too long.
    std::optional<SecretBytes> line() const {
        auto text = secretLine(m_descriptor);
        say("\n");
        return text;
    }

private:
    int m_descriptor;
    termios m_before{};
    bool m_usable = false;
};
} // namespace

std::optional<SecretBytes> askPassphrase(bool isNew) {
    const SilentTerminal terminal;
    if (!terminal.isUsable()) {
        fail("there is no terminal to ask for the passphrase; use --passphrase-file");
        return std::nullopt;
    }
    terminal.say("Passphrase: ");
    auto passphrase = terminal.line();
    if (!passphrase || passphrase->empty()) {
        fail("no passphrase was given");
        return std::nullopt;
    }
    if (!isNew) return passphrase;
    terminal.say("The same again: ");
    const auto again = terminal.line();
    if (!again || !again->equals(passphrase->view())) {
        fail("the two passphrases differ");
        return std::nullopt;
    }
    return passphrase;
}

std::optional<SecretBytes> askSecret(std::string_view question) {
    std::optional<SecretBytes> answer;
    if (::isatty(STDIN_FILENO) != 0) {
        const SilentTerminal terminal;
        terminal.say(std::string(question) + ": ");
        if (terminal.isUsable()) answer = terminal.line();
    } else {
        answer = secretLine(STDIN_FILENO);
    }
    if (!answer) fail("no answer of a line, of at most 1024 bytes, to: " + std::string(question));
    return answer;
}

std::optional<SecretBytes> readPassphraseFile(const std::string& path) {
    auto bytes = keys::readFile(path == "-" ? "/dev/stdin" : path, kMaxPassphrase);
    if (!bytes) {
        fail("cannot read " + path + ": " + keys::nameOf(bytes.error()));
        return std::nullopt;
    }
    SecretBytes text = SecretBytes::takeFrom(*bytes);
    const ByteView all = text.view();
    auto end = std::find(all.begin(), all.end(), std::uint8_t{'\n'});
    if (end != all.begin() && end != all.end() && *(end - 1) == '\r') --end;
    if (end == all.begin()) {
        fail("there is no passphrase in " + path);
        return std::nullopt;
    }
    return SecretBytes::copyOf(all.first(static_cast<std::size_t>(end - all.begin())));
}

} // namespace tallylock::cli
