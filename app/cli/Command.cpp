#include "app/cli/Command.h"

#include <cstdio>

namespace tallylock::cli {

int fail(std::string_view message) {
    std::fprintf(stderr, "tallylock-cli: error: %.*s\n", static_cast<int>(message.size()), message.data());
    return kFailed;
}

std::string folderInUse(const std::string& lockFile) {
    return "another program, perhaps Tallylock itself, works in this folder (" + lockFile + "). Close it first";
}

// The option that `text` begins with, and the value attached to it, if any.
static const Option* optionIn(std::string_view text, const std::vector<Option>& known,
                              std::optional<std::string>& attached) {
    for (const Option& option : known) {
        const std::string_view name = option.name;
        if (text.starts_with("--")) {
            const std::string_view given = text.substr(2);
            if (given == name) return &option;
            if (given.starts_with(name) && given[name.size()] == '=') {
                attached = given.substr(name.size() + 1);
                return &option;
            }
        } else if (text[1] == option.letter) {
            if (text.size() > 2) attached = text.substr(2);
            return &option;
        }
    }
    return nullptr;
}

std::optional<Options> Options::parse(const Arguments& arguments, const std::vector<Option>& known) {
    Options options;
    bool ended = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& text = arguments[i];
        if (ended || text.size() < 2 || text[0] != '-') {
            options.m_rest.push_back(text);
        } else if (text == "--") {
            ended = true;
        } else {
            std::optional<std::string> value;
            const Option* option = optionIn(text, known, value);
            if (!option) {
                fail("unknown option " + text);
                return std::nullopt;
            }
            if (!option->takesValue) {
                if (value) {
                    fail("option " + text + " takes no value");
                    return std::nullopt;
                }
                value = "yes";
            }
            if (!value && i + 1 < arguments.size()) value = arguments[++i];
            if (!value) {
                fail("option " + text + " needs a value");
                return std::nullopt;
            }
            options.m_values.emplace_back(option->letter, *value);
        }
    }
    return options;
}

std::vector<std::string> Options::values(char letter) const {
    std::vector<std::string> values;
    for (const auto& [given, value] : m_values) {
        if (given == letter) values.push_back(value);
    }
    return values;
}

} // namespace tallylock::cli
