// The desktop program without its main(): one embedded node, and the windows over it.
#pragma once

#include "core/api/Session.h"

#include <QString>

#include <filesystem>
#include <memory>

class QApplication;

namespace tallylock::app {

/// Names, version, icon, translations and look. Call once, before the first window.
void dressApplication(QApplication& app);
/// Light or dark regardless of the system's choice.
void setDark(QApplication& app, bool dark);
/// Where data goes unless told otherwise: the XDG data folder.
std::filesystem::path defaultFolder();

/// Lives on the GUI thread. Its end closes the windows and stops the node.
class Desktop {
public:
    /// Opens or makes the folder and starts the node in it; shows no window yet. `mediaProgram` is what looks into
    /// files; empty: found beside this program.
    static api::Answer<std::unique_ptr<Desktop>> start(const std::filesystem::path& folder,
                                                       const std::filesystem::path& mediaProgram = {});
    ~Desktop();

    /// Raises the profile's window or opens one that asks for its passphrase. Empty: one with the list of profiles.
    void openWindow(const QString& profile = {});
    api::Node& node();
    /// Null unless a window has the profile open.
    std::shared_ptr<api::Session> session(const QString& profile) const;

private:
    struct Inside;
    explicit Desktop(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> m_inside;
};

/// The refusal of start() as a sentence for people.
QString startProblem(const api::Refusal& refusal);

} // namespace tallylock::app
