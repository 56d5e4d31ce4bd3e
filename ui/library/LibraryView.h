// What I own: the list, and the thing that is chosen.
#pragma once

#include "ui/kit/View.h"

class QListView;
class QStackedWidget;

namespace tallylock::ui {

class Banner;
class LibraryModel;
class LibraryPanel;

class LibraryView : public View {
    Q_OBJECT

public:
    explicit LibraryView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Library; }
    QString title() const override { return tr("Library"); }
    QString iconName() const override { return QStringLiteral("library"); }
    void shown() override { refresh(); }
    void open(quint64 id) override;

private:
    void refresh();
    void showCurrent();

    LibraryModel* m_model;
    QListView* m_list;
    LibraryPanel* m_panel;
    Banner* m_banner;
    QStackedWidget* m_pages;
    quint64 m_wanted = 0;
};

} // namespace tallylock::ui
