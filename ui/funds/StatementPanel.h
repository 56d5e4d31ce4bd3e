// The statement of one unit: the newest entries, older ones page by page, and all of it as a file.
#pragma once

#include "ui/kit/View.h"

class QLabel;
class QPushButton;

namespace tallylock::ui {

class Banner;
class StatementExport;
class StatementModel;
class Table;

class StatementPanel : public QWidget {
    Q_OBJECT

public:
    static constexpr std::uint32_t kPage = 200;

    /// Refusals are told by `banner`.
    StatementPanel(Context& context, Banner* banner, QWidget* parent = nullptr);

    void setUnit(api::UnitId unit);
    /// Asks for what is new.
    void refresh();
    void exportTo(const QString& path);

private:
    void load(std::uint64_t before);
    void take(std::uint64_t before, const api::StatementPage& page);
    void showOlder();
    void choosePath();
    void endExport();

    Context& m_context;
    Banner* m_banner;
    api::UnitId m_unit;
    std::uint64_t m_next = 0; ///< where the older entries begin; 0: all are here
    StatementModel* m_rows;
    Table* m_table;
    QLabel* m_count;
    QPushButton* m_older;
    QPushButton* m_export;
    QPushButton* m_stop;
    StatementExport* m_running = nullptr;
};

} // namespace tallylock::ui
