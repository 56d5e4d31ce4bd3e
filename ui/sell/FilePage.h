// Page 1: the file, chosen, dropped or typed; and what was encrypted before and never published.
#pragma once

#include "ui/sell/SellPage.h"

#include <QTimer>

class QLineEdit;
class QVBoxLayout;

namespace tallylock::ui {

class Banner;
class DropZone;

/// Why this file cannot be sold, for people; empty if it can.
QString fileTroubleText(const FileLook& file);

class FilePage : public SellPage {
    Q_OBJECT

public:
    FilePage(Context& context, SellForm& form, QWidget* parent = nullptr);

    QString title() const override { return tr("File"); }
    void enter() override;
    bool ready() const override;
    QString commit() override;
    QWidget* firstField() override;
    void clear();

signals:
    /// The seller wants to publish a draft that is already encrypted.
    void resumed(const tallylock::api::DraftRow& draft);

private:
    void choose();
    void setPath(const QString& path);
    void look();
    void lookInside(int asked);
    void looked();
    void showLook();
    void loadDrafts();
    void showDrafts(const std::vector<api::DraftRow>& drafts);
    QWidget* makeDraft(const api::DraftRow& draft);

    DropZone* m_zone;
    QLineEdit* m_path;
    Banner* m_banner;
    QWidget* m_drafts;
    QVBoxLayout* m_draftList;
    QTimer m_typed;
    FileLook m_look;
    int m_asked = 0; ///< looks asked for; only the last one counts
    bool m_looking = false;
    bool m_goOn = false; ///< "Next" was pressed while looking
};

} // namespace tallylock::ui
