#include "app/cli/SkippingClock.h"

#include <fstream>
#include <system_error>

namespace tallylock::cli {

namespace fs = std::filesystem;

SkippingClock::SkippingClock(fs::path file) : m_file(std::move(file)) {
    std::int64_t skipped = 0;
    if (std::ifstream in(m_file); in >> skipped && skipped > 0) m_skippedMs = skipped;
}

bool SkippingClock::skip(std::int64_t ms) {
    const std::int64_t inAll = m_skippedMs + ms;
    const fs::path temporary = m_file.string() + ".part";
    {
        std::ofstream out(temporary, std::ios::trunc);
        out << inAll << '\n';
        if (!out.flush()) return false;
    }
    std::error_code error;
    fs::rename(temporary, m_file, error);
    if (!error) m_skippedMs = inAll;
    return !error;
}

} // namespace tallylock::cli
