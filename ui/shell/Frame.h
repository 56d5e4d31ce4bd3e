// The inside of a window once a profile is open: the navigation list, the heading and the views.
#pragma once

#include "ui/kit/View.h"

#include <vector>

class QLabel;
class QListWidget;
class QStackedWidget;

namespace tallylock::ui {

class Banner;

class Frame : public QWidget {
    Q_OBJECT
public:
    explicit Frame(Context& context, QWidget* parent = nullptr);

    Context& context() const { return m_context; }
    Banner* banner() const { return m_banner; }
    const std::vector<View*>& views() const { return m_views; }
    void goTo(Place place, quint64 id = 0);
    Place place() const;

private:
    QWidget* navigation();
    QWidget* header();
    void turnTo(int index);

    Context& m_context;
    std::vector<View*> m_views;
    QListWidget* m_list;
    QLabel* m_title;
    Banner* m_banner;
    Banner* m_alarm; ///< stays whatever is turned to, as does the next
    Banner* m_servers;
    QStackedWidget* m_stack;
};

} // namespace tallylock::ui
