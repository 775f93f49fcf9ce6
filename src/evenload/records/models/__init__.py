"""Every model, by subject."""

from evenload.records.models.accounts import Account, RoleOfAccount
from evenload.records.models.clients import Allotment, Client, ConsentDirective, Referral, ReferralStep
from evenload.records.models.contracts import Contract, ServiceTarget
from evenload.records.models.drafts import Draft, DraftChange, DraftPlacement
from evenload.records.models.editions import Edition, EditionNotice, EditionRow, Publication, ReadReceipt
from evenload.records.models.exceptions import FrenchException
from evenload.records.models.intake import ColumnMapping, Import
from evenload.records.models.journal import JournalEntry
from evenload.records.models.notices import Mail, Notice, NoticeChoice
from evenload.records.models.offers import Offer, OfferAnswer, OfferQuestion
from evenload.records.models.organisation import Organisation
from evenload.records.models.plans import PlanRun
from evenload.records.models.practitioners import Absence, Duty, Practitioner, PractitionerLanguage
from evenload.records.models.programs import GoalPrice, Program, RecordedVisit, TimeStandard
from evenload.records.models.reports import KeptFigures, ReportSchedule, ReportWriting
from evenload.records.models.scenarios import PlanScenario
from evenload.records.models.sites import Site
from evenload.records.models.standards import StandardJudgement, StandardVersion
from evenload.records.models.talks import LoadSignal, LoadTalk, Remedy, TalkMessage
from evenload.records.models.units import Assignment, Unit
from evenload.records.models.weeks import CalendarFeed, HoursOffered, Leave, LoadWeek, PlannedVisit

__all__ = [
    "Absence",
    "Account",
    "Allotment",
    "Assignment",
    "CalendarFeed",
    "Client",
    "ColumnMapping",
    "ConsentDirective",
    "Contract",
    "Draft",
    "DraftChange",
    "DraftPlacement",
    "Duty",
    "Edition",
    "EditionNotice",
    "EditionRow",
    "FrenchException",
    "GoalPrice",
    "HoursOffered",
    "Import",
    "JournalEntry",
    "KeptFigures",
    "Leave",
    "LoadSignal",
    "LoadTalk",
    "LoadWeek",
    "Mail",
    "Notice",
    "NoticeChoice",
    "Offer",
    "OfferAnswer",
    "OfferQuestion",
    "Organisation",
    "PlanRun",
    "PlanScenario",
    "PlannedVisit",
    "Practitioner",
    "PractitionerLanguage",
    "Program",
    "Publication",
    "ReadReceipt",
    "RecordedVisit",
    "Referral",
    "ReferralStep",
    "Remedy",
    "ReportSchedule",
    "ReportWriting",
    "RoleOfAccount",
    "ServiceTarget",
    "Site",
    "StandardJudgement",
    "StandardVersion",
    "TalkMessage",
    "TimeStandard",
    "Unit",
]
