// The encryption wizard: file, preview, details, review, encrypt and publish. Going back always works.
#pragma once

#include "ui/sell/SellPage.h"

class QPushButton;
class QStackedWidget;

namespace tallylock::ui {

class Banner;
class DetailsPage;
class FilePage;
class PrimaryButton;
class StepTrail;

class SellView : public View {
    Q_OBJECT

public:
    explicit SellView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Sell; }
    QString title() const override { return tr("Sell"); }
    QString iconName() const override { return QStringLiteral("sell"); }
    void shown() override;

private:
    enum PageNumber { kFile, kPreview, kDetails, kReview, kSeal, kDone };

    void addPage(SellPage* page);
    void goTo(int page);
    void next();
    void back();
    void restart();
    void showState();
    SellPage* current() const;

    SellForm m_form;
    std::vector<SellPage*> m_pages;
    FilePage* m_file;
    DetailsPage* m_details;
    int m_current = 0;
    bool m_resumed = false; ///< the draft of another day: there is no form to go back to
    StepTrail* m_trail;
    Banner* m_banner;
    QStackedWidget* m_stack;
    QPushButton* m_back;
    PrimaryButton* m_next;
};

} // namespace tallylock::ui
