#include "tests/tidy/Arrows.h"

#include <QLibraryInfo>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <regex>

namespace tallylock::tidy {

namespace {

using Names = std::set<std::string>;

/// Window tests see what a person and a user interface see: their targets hand nothing on to them.
const Names kClosed = {"tests/ui"};

/// Includes its own files and the standard library: an auditor that shared code with us would share our mistakes.
const std::string kAlone = "tests/audit/auditor";

const Names kMayUseQt = {"store", "net", "rails", "media", "ui", "app", "tests"};
const std::map<std::string, Names> kOnlyIn = {
    {"QtSql", {"store", "tests"}},
    {"QtNetwork", {"net", "rails", "tests"}},
    {"QtWidgets", {"ui", "app/desktop", "tests", "tests/ui"}},
    {"QtTest", {"tests", "tests/ui"}},
};

/// One `#include` as it is written.
struct Include {
    std::size_t line = 0;
    std::string path;
};

std::vector<Include> includesOf(const Source& file) {
    static const std::regex kInclude(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::vector<Include> found;
    std::size_t number = 0;
    for (const auto line : linesOf(file.text)) {
        ++number;
        std::match_results<std::string_view::const_iterator> match;
        if (std::regex_search(line.begin(), line.end(), match, kInclude)) found.push_back({number, match.str(1)});
    }
    return found;
}

std::vector<std::string> wordsOf(const std::string& text) {
    static const std::regex kWord(R"([A-Za-z0-9_/.-]+)");
    return {std::sregex_token_iterator(text.begin(), text.end(), kWord), {}};
}

std::string topOf(const std::string& path) { return path.substr(0, path.find('/')); }

bool isOurs(const std::string& path) {
    return Names{"core", "ui", "app", "tests"}.contains(topOf(path)) && path.find('/') != std::string::npos;
}

/// The Qt module that a header belongs to, as the installed headers say; nothing if it is not Qt's.
std::optional<std::string> qtModuleOf(const std::string& header) {
    namespace fs = std::filesystem;
    static const fs::path kHeaders = QLibraryInfo::path(QLibraryInfo::HeadersPath).toStdString();
    if (header.starts_with("Qt") && header.find('/') != std::string::npos) return topOf(header);
    if (!header.starts_with('Q') && !header.starts_with('q')) return std::nullopt;
    for (const auto& entry : fs::directory_iterator(kHeaders)) {
        if (fs::exists(entry.path() / header)) return entry.path().filename().string();
    }
    return std::nullopt;
}

/// What is wrong with this include of Qt in this room; empty if nothing.
std::string qtFault(const std::string& room, const std::string& module) {
    if (!kMayUseQt.contains(topOf(room)) || room == kAlone) return room + " may not use Qt";
    const auto only = kOnlyIn.find(module);
    if (only != kOnlyIn.end() && !only->second.contains(room)) return room + " may not use " + module;
    return {};
}

/// What is wrong with this include of our own header; empty if nothing.
std::string arrowFault(const std::string& room, const std::string& header, const Arrows& arrows) {
    const auto target = roomOf(header);
    if (room == kAlone && target != kAlone) return room + " stands alone";
    if (!arrows.contains(target)) return "no room is named " + (target.empty() ? header : target);
    if (!reachOf(room, arrows).contains(target)) return room + " may not use " + target;
    return {};
}

std::string includeFault(const std::string& file, const std::string& header, const Names& existing,
                         const Arrows& arrows) {
    const auto room = roomOf(file);
    if (header.find("..") != std::string::npos) return "a path upwards";
    if (header.find("private/") != std::string::npos) return "a private header of Qt";
    if (header == std::filesystem::path(file).stem().string() + ".moc") return {};
    if (isOurs(header)) {
        if (!existing.contains(header)) return "no such file";
        return arrowFault(room, header, arrows);
    }
    if (const auto module = qtModuleOf(header)) return qtFault(room, *module);
    return {};
}

} // namespace

const Arrows& houseArrows() {
    static const Arrows kArrows = {
        {"base", {}},
        {"money", {"base"}},
        {"crypto", {"base"}},
        {"keys", {"crypto"}},
        {"custody", {"crypto"}},
        {"asset", {"keys", "custody"}},
        {"ledger", {"money"}},
        {"parties", {"money"}},
        {"treasury", {"money"}},
        {"market", {"money"}},
        {"escrow", {"money"}},
        {"engine", {"ledger", "parties", "treasury", "market", "escrow", "crypto", "custody"}},
        {"wire", {"engine", "asset", "keys"}},
        {"ports", {"wire"}},
        {"api", {"money"}},
        {"host", {"ports", "api"}},
        {"party", {"ports", "api"}},
        {"keyserver", {"ports", "api"}},
        {"store", {"ports"}},
        {"net", {"ports"}},
        {"media", {"ports"}},
        {"rails", {"ports"}},
        {"ui", {"api", "money", "base"}},
        {"app/servers", {"host", "keyserver", "store", "rails", "net"}},
        {"app/operator", {"app/servers", "party"}},
        {"app/coordinator", {"app/operator"}},
        {"app/keyserver", {"app/servers"}},
        {"app/embedded", {"app/operator"}},
        {"app/media", {"media"}},
        {"app/cli", {"app/embedded"}},
        {"app/desktop", {"app/embedded", "ui"}},
        {"tests", {"app/cli", "app/desktop", "media", kAlone}},
        {kAlone, {}},
        {"tests/ui", {"base", "money", "api", "app/desktop", "tests"}},
    };
    return kArrows;
}

std::string roomOf(const std::string& path) {
    const std::filesystem::path parts(path);
    if (parts.begin() == parts.end()) return {};
    const auto top = parts.begin()->string();
    auto next = std::next(parts.begin()) == parts.end() ? std::string() : std::next(parts.begin())->string();
    if (top == "core") return next;
    if (top == "app") return "app/" + next;
    if (path.starts_with(kAlone + "/")) return kAlone;
    // Files right in tests/ui drive windows; its folders mirror those of ui and test their classes.
    if (top == "tests") return next == "ui" && std::distance(parts.begin(), parts.end()) == 3 ? "tests/ui" : "tests";
    return top == "ui" ? top : std::string();
}

std::set<std::string> reachOf(const std::string& room, const Arrows& arrows) {
    Names reach = {room, "base"};
    std::vector<std::string> open = {room};
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        const auto row = arrows.find(at);
        if (row == arrows.end() || (at != room && kClosed.contains(room))) continue;
        for (const auto& target : row->second) {
            if (reach.insert(target).second) open.push_back(target);
        }
    }
    return reach;
}

Faults circlesIn(const Arrows& graph) {
    Faults circles;
    Names done;
    std::vector<std::string> way;
    const std::function<void(const std::string&)> visit = [&](const std::string& at) {
        const auto seen = std::find(way.begin(), way.end(), at);
        if (seen != way.end()) {
            std::string circle;
            for (auto step = seen; step != way.end(); ++step) circle += *step + " -> ";
            circles.push_back(circle + at);
            return;
        }
        if (done.contains(at)) return;
        way.push_back(at);
        if (const auto row = graph.find(at); row != graph.end()) {
            for (const auto& target : row->second) visit(target);
        }
        way.pop_back();
        done.insert(at);
    };
    for (const auto& [name, targets] : graph) visit(name);
    return circles;
}

Faults checkIncludes(const std::vector<Source>& files, const Arrows& arrows) {
    Names existing;
    for (const auto& file : files) existing.insert(file.path);

    Faults faults;
    Arrows rooms;
    Arrows fileGraph;
    for (const auto& file : files) {
        const auto room = roomOf(file.path);
        if (!arrows.contains(room)) faults.push_back(file.path + ": lies in no room");
        for (const auto& include : includesOf(file)) {
            const auto fault = includeFault(file.path, include.path, existing, arrows);
            if (!fault.empty())
                faults.push_back(file.path + ":" + std::to_string(include.line) + ": " + include.path + ": " + fault);
            if (!isOurs(include.path)) continue;
            fileGraph[file.path].insert(include.path);
            if (roomOf(include.path) != room) rooms[room].insert(roomOf(include.path));
        }
    }
    for (const auto& circle : circlesIn(rooms)) faults.push_back("a circle of rooms: " + circle);
    for (const auto& circle : circlesIn(fileGraph)) faults.push_back("a circle of files: " + circle);
    return faults;
}

Faults checkBuild(const Arrows& drawn, const Arrows& arrows) {
    Faults faults;
    for (const auto& [room, targets] : drawn) {
        if (!arrows.contains(room)) faults.push_back("no room is named " + room);
        const auto allowed = reachOf(room, arrows);
        for (const auto& used : reachOf(room, drawn)) {
            if (!allowed.contains(used)) faults.push_back("the build lets " + room + " use " + used);
        }
    }
    for (const auto& [room, targets] : arrows) {
        if (topOf(room) == "app" || topOf(room) == "tests") continue;
        const auto reached = reachOf(room, drawn);
        for (const auto& target : targets) {
            if (!reached.contains(target)) faults.push_back("the build does not let " + room + " use " + target);
        }
    }
    return faults;
}

Arrows arrowsOfBuild(const std::vector<Source>& cmakeFiles, Faults& faults) {
    static const std::regex kRoom(R"(tallylock_room\(\s*([A-Za-z0-9_]+)([^)]*)\))");
    static const std::regex kComment(R"(#[^\n]*)");
    static const Names kKeywords = {"SOURCES", "LIBS", "USES"};
    std::map<std::string, std::string> roomOfTarget;
    std::vector<std::pair<std::string, std::string>> bodies;
    for (const auto& file : cmakeFiles) {
        const auto text = std::regex_replace(file.text, kComment, "");
        for (std::sregex_iterator at(text.begin(), text.end(), kRoom), end; at != end; ++at) {
            const auto room = roomOf(std::filesystem::path(file.path).parent_path().generic_string());
            roomOfTarget[at->str(1)] = room;
            bodies.emplace_back(room, at->str(2));
        }
    }
    Arrows drawn;
    for (const auto& [room, body] : bodies) {
        auto& targets = drawn[room];
        std::string keyword;
        for (const auto& word : wordsOf(body)) {
            if (kKeywords.contains(word)) {
                keyword = word;
            } else if (keyword == "USES") {
                const auto used = roomOfTarget.find(word);
                if (used == roomOfTarget.end())
                    faults.push_back("the build of " + room + " uses " + word + ", which is no room");
                else if (used->second != room)
                    targets.insert(used->second);
            }
        }
    }
    return drawn;
}

Arrows arrowsOfDocument(const std::string& text) {
    static const std::regex kRow(R"(^\|([^|]*)\|([^|]*)\|)");
    Arrows arrows;
    bool inTable = false;
    for (const auto line : linesOf(text)) {
        std::match_results<std::string_view::const_iterator> match;
        if (!std::regex_search(line.begin(), line.end(), match, kRow)) {
            inTable = false;
            continue;
        }
        const auto first = wordsOf(match.str(1));
        const auto second = wordsOf(match.str(2));
        if (first == std::vector<std::string>{"room"} && second == std::vector<std::string>{"uses"}) {
            inTable = true;
        } else if (inTable && first.size() == 1 && !first.front().starts_with('-')) {
            arrows[first.front()] = {second.begin(), second.end()};
        }
    }
    return arrows;
}

} // namespace tallylock::tidy
