#include "app/cli/OperatorCommand.h"

#include "app/cli/OpenProfile.h"
#include "app/operator/OperatorDoor.h"
#include "app/operator/OperatorWire.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace tallylock::cli {

namespace {

namespace fs = std::filesystem;

std::optional<std::string> contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string content;
    char piece[1 << 14];
    while (file.read(piece, sizeof piece) || file.gcount() > 0) {
        content.append(piece, static_cast<std::size_t>(file.gcount()));
        if (content.size() > app::kMostDoorBytes) return std::nullopt;
    }
    return file.eof() ? std::optional(std::move(content)) : std::nullopt;
}

/// Whether a node for a person's app lies here: with its coordinator inside.
bool isNode(const fs::path& folder) {
    std::error_code none;
    return fs::is_directory(folder / "coordinator", none);
}

} // namespace

int show(const app::Said& said) {
    std::fputs(said.out.c_str(), stdout);
    return said.code == 0 && said.err.empty() ? kDone : fail(said.err);
}

int runOperator(const app::ActGroup& group, const Arguments& arguments) {
    std::string wrong;
    const app::Words words(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
    const app::Act* act = app::actIn(group, words, wrong);
    if (arguments.empty() || !act) {
        if (wrong.empty()) wrong = std::string("usage: ") + group.name + " DIR " + group.usage;
        return fail(wrong);
    }
    std::string attached;
    if (act->namesFile) {
        auto content = contentOf(words[1]);
        if (!content) return fail("cannot read " + words[1] + ", or it is too large");
        attached = std::move(*content);
    }
    const fs::path folder = arguments[0];
    app::Words asked = words;
    asked.insert(asked.begin(), group.name);
    const ByteView bytes{reinterpret_cast<const std::uint8_t*>(attached.data()), attached.size()};
    if (const auto said = app::askAtDoor(folder, asked, bytes)) return show(*said);
    if (!isNode(folder)) return fail("no coordinator is at work in " + folder.string());
    const auto opened = OpenNode::open(folder.string());
    if (!opened) return kFailed;
    app::Talk talk{opened->loop, *opened->node->operatorDesk(), std::move(attached)};
    return show(app::perform(group, talk, words));
}

} // namespace tallylock::cli
