// Says in every view whether the servers of somebody else's coordinator are reached: a badge in the heading, and a line
// while one that is needed is not. Nothing of it where they are in this process.
#pragma once

#include "core/api/Servers.h"
#include "ui/kit/View.h"

class QTimer;

namespace tallylock::ui {

class Badge;
class Banner;

class ServersNotice : public QObject {
    Q_OBJECT
public:
    /// A break that is over sooner is not worth a line.
    static constexpr int kPatienceMs = 3'000;

    /// `badge` and `line` are somebody else's, and outlive this.
    ServersNotice(Context& context, Badge* badge, Banner* line, QObject* parent, int patienceMs = kPatienceMs);

private:
    void refresh();
    void show(const std::vector<api::ReachedServerRow>& rows);

    Context& m_context;
    Badge* m_badge;
    Banner* m_line;
    QTimer* m_patience;
    QString m_wanted; ///< what the line is to say when patience ends
};

} // namespace tallylock::ui
