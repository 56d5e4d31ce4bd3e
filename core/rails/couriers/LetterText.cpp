#include "core/rails/couriers/LetterText.h"

#include <array>
#include <ctime>
#include <string_view>

namespace tallylock::rails {

namespace {

constexpr std::size_t kMostLetterSize = 8192; ///< reserved, so that no copy of the words is left behind
constexpr std::size_t kAddressEndsAt = 16;    ///< line of the page

class Text {
public:
    Text() { m_text.reserve(kMostLetterSize); }
    ~Text() { wipe(m_text); }
    Text(const Text&) = delete;
    Text& operator=(const Text&) = delete;
    Text& operator<<(std::string_view piece) {
        m_text += piece;
        return *this;
    }
    std::size_t size() const { return m_text.size(); }
    SecretBytes take() {
        return SecretBytes::takeFrom({reinterpret_cast<std::uint8_t*>(m_text.data()), m_text.size()});
    }

private:
    std::string m_text;
};

std::tm utcOf(std::int64_t timeMs) {
    const std::time_t seconds = timeMs / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return parts;
}

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::string twoDigits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string dayText(const std::tm& at) {
    return std::to_string(at.tm_mday) + " " + kMonths[static_cast<std::size_t>(at.tm_mon)] + " " +
           std::to_string(at.tm_year + 1900);
}

/// RFC 5322, section 3.3.
std::string mailDate(std::int64_t timeMs) {
    const std::tm at = utcOf(timeMs);
    return std::string(kDays[static_cast<std::size_t>(at.tm_wday)]) + ", " + dayText(at) + " " + twoDigits(at.tm_hour) +
           ":" + twoDigits(at.tm_min) + ":" + twoDigits(at.tm_sec) + " +0000";
}

std::string_view wordsOf(const ports::WordLetter& letter) {
    const ByteView bytes = letter.words.view();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Three columns that are read downwards.
void addNumbered(Text& text, std::string_view words) {
    constexpr std::size_t kRows = 4;
    constexpr std::size_t kColumns = 3;
    constexpr std::size_t kWidth = 20;
    std::array<std::string_view, kRows * kColumns> all;
    std::size_t from = 0;
    for (std::string_view& word : all) {
        const std::size_t to = std::min(words.find(' ', from), words.size());
        word = words.substr(from, to - from);
        from = std::min(to + 1, words.size());
    }
    for (std::size_t row = 0; row < kRows; ++row) {
        for (std::size_t column = 0; column < kColumns; ++column) {
            const std::size_t at = column * kRows + row;
            const std::string number = std::to_string(at + 1);
            text << std::string(6 - number.size(), ' ') << number << "  " << all[at];
            if (column + 1 < kColumns && all[at].size() < kWidth) text << std::string(kWidth - all[at].size(), ' ');
        }
        text << "\n";
    }
}

} // namespace

std::string domainOf(const std::string& mailAddress) { return mailAddress.substr(mailAddress.rfind('@') + 1); }

SecretBytes mailText(const ports::WordLetter& letter, const std::string& sender) {
    const std::string sale = std::to_string(letter.sale.value);
    Text text;
    text << "Date: " << mailDate(letter.timeMs) << "\r\nFrom: Tallylock key server <" << sender << ">\r\nTo: <"
         << letter.address << ">\r\nSubject: The second part of your key, sale " << sale << "\r\nMessage-ID: <"
         << letter.id.hex() << "@" << domainOf(sender)
         << ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n"
            "Content-Transfer-Encoding: 7bit\r\nAuto-Submitted: auto-generated\r\n\r\n"
            "The seller of sale "
         << sale
         << " has been paid. This is the second part of the key,\r\n"
            "which you have asked for by mail:\r\n\r\n"
         << wordsOf(letter)
         << "\r\n\r\n"
            "In Tallylock, open the library, choose the file, press \"Type the words\"\r\n"
            "and paste them into the first field.\r\n\r\n"
            "Without the first part, which reaches you another way, they open nothing.\r\n"
            "Nobody of Tallylock will ever ask you for them.\r\n\r\n"
            "The key server's fingerprint, as the page of the sale shows it:\r\n\r\n"
         << letter.fingerprint << "\r\n";
    return text.take();
}

SecretBytes cardText(const ports::WordLetter& letter, const std::vector<std::string>& address) {
    const std::string sale = std::to_string(letter.sale.value);
    Text text;
    text << std::string(kAddressEndsAt - address.size(), '\n');
    for (const std::string& line : address) text << "      " << line << "\n";
    text << "\n\n\n                                                          " << dayText(utcOf(letter.timeMs))
         << "\n\n\n"
         << "      The second part of your key: sale " << sale
         << "\n\n\n"
            "      The seller has been paid. These are the twelve words that you have\n"
            "      asked for by post:\n\n\n";
    addNumbered(text, wordsOf(letter));
    text << "\n\n"
            "      In Tallylock, open the library, choose the file, press \"Type the\n"
            "      words\" and type them in their order.\n\n"
            "      Without the first part, which reaches you another way, they open\n"
            "      nothing. Nobody of Tallylock will ever ask you for them.\n\n"
            "      The key server's fingerprint, as the page of the sale shows it:\n\n";
    std::size_t column = 0;
    std::size_t from = 0;
    while (from < letter.fingerprint.size()) { // six words a line
        const std::size_t to = std::min(letter.fingerprint.find(' ', from), letter.fingerprint.size());
        text << (column % 6 == 0 ? "      " : " ") << std::string_view(letter.fingerprint).substr(from, to - from);
        if (++column % 6 == 0) text << "\n";
        from = to + 1;
    }
    if (column % 6 != 0) text << "\n";
    return text.take();
}

} // namespace tallylock::rails
