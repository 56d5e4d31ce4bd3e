#include "tests/tidy/Sources.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tallylock::tidy {

namespace fs = std::filesystem;

namespace {
const fs::path kRoot = TALLYLOCK_SOURCE_DIR;

std::string readAll(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
} // namespace

std::vector<Source> sourcesIn(const std::vector<std::string>& folders, const std::vector<std::string>& endings) {
    std::vector<Source> found;
    for (const auto& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
            const auto name = entry.path().filename().string();
            const bool wanted =
                std::any_of(endings.begin(), endings.end(), [&](const auto& ending) { return name.ends_with(ending); });
            if (entry.is_regular_file() && wanted)
                found.push_back({fs::relative(entry.path(), kRoot).generic_string(), readAll(entry.path())});
        }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return found;
}

Source sourceAt(const std::string& path) { return {path, readAll(kRoot / path)}; }

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

} // namespace tallylock::tidy
