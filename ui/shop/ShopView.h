// What is on offer: search, the grid of listings, and the page of one of them.
#pragma once

#include "ui/kit/View.h"

class QLineEdit;
class QStackedWidget;

namespace tallylock::ui {

class Banner;
class EmptyState;
class ListingFilter;
class ListingGrid;
class ListingModel;
class ListingPage;

class ShopView : public View {
    Q_OBJECT

public:
    explicit ShopView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Shop; }
    QString title() const override { return tr("Shop"); }
    QString iconName() const override { return QStringLiteral("shop"); }
    void shown() override;
    void open(quint64 id) override;

private:
    QWidget* makeBar();
    QWidget* makeOverview();
    void refresh();
    void arrange();
    void openIndex(const QModelIndex& index);

    ListingModel* m_model;
    ListingFilter* m_filter;
    Banner* m_banner;
    QLineEdit* m_search;
    ListingGrid* m_grid;
    EmptyState* m_none;
    EmptyState* m_noMatch;
    QStackedWidget* m_content;
    QStackedWidget* m_pages;
    ListingPage* m_page;
    quint64 m_wanted = 0; ///< to be opened once it is loaded
};

} // namespace tallylock::ui
