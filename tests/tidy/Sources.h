// The project's own files, as the tests that watch over the project read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tallylock::tidy {

struct Source {
    std::string path; ///< from the root of the project, with slashes
    std::string text;
};

/// All files below these folders of the project whose name ends with one of these endings, sorted by path.
std::vector<Source> sourcesIn(const std::vector<std::string>& folders, const std::vector<std::string>& endings);

/// One file of the project; empty text if it does not exist.
Source sourceAt(const std::string& path);

std::vector<std::string_view> linesOf(std::string_view text);

} // namespace tallylock::tidy
