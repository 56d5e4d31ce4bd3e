// Says in every view how the coordinator's history stands: a badge in the heading, and a line that cannot be overlooked
// when something is wrong with it.
#pragma once

#include "ui/kit/View.h"

namespace tallylock::ui {

class Badge;

class HistoryNotice : public QObject {
    Q_OBJECT
public:
    /// `badge` and `alarm` are somebody else's, and outlive this.
    HistoryNotice(Context& context, Badge* badge, Banner* alarm, QObject* parent);

private:
    void refresh();
    void show(const api::HistoryCheckRow& row);

    Context& m_context;
    Badge* m_badge;
    Banner* m_alarm;
};

} // namespace tallylock::ui
