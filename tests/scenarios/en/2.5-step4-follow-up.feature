# language: en
Feature: 2.5 Step4 Following up on customer service
  Service staff analyse customers' requests, sum up valuable suggestions and report to the leaders concerned.

  @M14 @M39
  Scenario: A quarter's report is written and attached when its issue is filed
    When Wang Fang files the Service document "Quarterly report" for ERP:
      | Document kind | Customer Service Report |
      | Period        | 2026-Q3                 |
    Then "Quarterly report" has the file "CSR-erp-2026-Q3-v1.docx"
    And "Quarterly report" is in "Draft"

  @M14
  Scenario: Each product has a report of its own
    When Li Na files the Service document "Monthly report" for MES:
      | Document kind | Customer Service Report |
      | Period        | 2026-10                 |
    Then "Monthly report" has the file "CSR-mes-2026-10-v1.docx"

  @M14
  Scenario: A wrong period is explained
    When Wang Fang files the Service document "Quarterly report" for ERP:
      | Document kind | Customer Service Report |
      | Period        | third quarter           |
    Then "Quarterly report" has no file
    And the comments on "Quarterly report":
      | M14 | open | third quarter |
    When Wang Fang fills in "Quarterly report":
      | Period | 2026-Q3 |
    Then "Quarterly report" has the file "CSR-erp-2026-Q3-v1.docx"
    And the comments on "Quarterly report":
      | M14 | satisfied |

  @M14
  Scenario: A report is written only once
    When Wang Fang files the Service document "Quarterly report" for ERP:
      | Document kind | Customer Service Report |
      | Period        | 2026-Q3                 |
    And Wang Fang fills in "Quarterly report":
      | Approval opinion | for the leader to read |
    And Wang Fang moves "Quarterly report" to "Submitted"
    Then "Quarterly report" has the file "CSR-erp-2026-Q3-v1.docx"

  @M14 @M01
  Scenario: A rule that only warns writes no report
    Given rule M14 is set to "warned"
    When Wang Fang files the Service document "Quarterly report" for ERP:
      | Document kind | Customer Service Report |
      | Period        | 2026-Q3                 |
    Then "Quarterly report" has no file

  @M26
  Scenario: A leader approves the report
    When Wang Fang files the Service document "Quarterly report" for ERP:
      | Document kind | Customer Service Report |
      | Period        | 2026-Q3                 |
    And Wang Fang moves "Quarterly report" to "Submitted"
    And Zhang Wei fills in "Quarterly report" and moves it to "Approved":
      | Approval decision | Agree |
      | Approval opinion  | read  |
    Then "Quarterly report" is in "Approved"
    And the comments on "Quarterly report":
      | M26 | none |

  @M39 @M40
  Scenario: A request without a measure cannot close
    When Wang Fang files the Customer request "Export a report" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Request  |
    And Wang Fang moves "Export a report" to "In progress"
    And Wang Fang fills in "Export a report" and moves it to "Closed":
      | Answer                | please use the export menu |
      | Satisfaction evidence | Noted call                 |
    Then "Export a report" is in "In progress"
    And the comments on "Export a report":
      | M40 | open | Measure |

  @M05 @M35 @M40 @M61
  Scenario: One fault from the call until both sides are closed
    Given Zhang Wei makes the version "5.2.1" of ERP
    And these entries are called "the mending":
      | Root cause            | tax table missing   |
      | Measure               | tax rates updated   |
      | Base version          | 5.2                 |
      | Fixed in version      | 5.2.1               |
      | Change references     | a1b2c3d             |
      | Test result           | Passed              |
      | Tester                | Chen Jie            |
      | Test evidence         | 12 regression tests |
      | Of broad value        | no                  |
      | Satisfaction evidence | Written             |
    When Wang Fang files the Customer request "Tax rate invalid" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Fault    |
      | Severity     | Major    |
    Then "Tax rate invalid" is linked to one Maintenance requirement, called "the maintenance"
    When Liu Yang fills in "the maintenance" and moves it to "Scheduled":
      | Maintenance class | Corrective            |
      | Reason for class  | tax table not updated |
      | Visit needed      | no                    |
    And Liu Yang moves "the maintenance" to "In work"
    And Liu Yang fills in "the maintenance" with "the mending"
    And Liu Yang moves "the maintenance" to "Testing"
    Then "Tax rate invalid" is in "Handed over"
    When Chen Jie moves "the maintenance" to "Done"
    Then "the maintenance" is in "Done"
    And "Tax rate invalid" is in "In progress"
    And the comments on "Tax rate invalid":
      | M32 | open | tax rates updated |
    When Liu Yang books 3.5 hours on "the maintenance"
    And Liu Yang moves "the maintenance" to "Closed"
    Then "the maintenance" is in "Closed"
    When Wang Fang fills in "Tax rate invalid" and moves it to "Closed":
      | Answer                | please install patch 5.2.1 |
      | Measure               | patch released             |
      | Satisfaction evidence | Written                    |
    Then "Tax rate invalid" is in "Closed"
    And the comments on "Tax rate invalid":
      | M40 | none |

  @M72
  Scenario: The product's leader acknowledges a report; nobody else's receipt counts
    When Wang Fang files the Service document "Quarterly report" for ERP:
      | Document kind | Customer Service Report |
      | Period        | 2026-Q4                 |
    Then no leader watches "Quarterly report"
    When Wang Fang moves "Quarterly report" to "Submitted"
    Then Zhang Wei watches "Quarterly report"
    When Zhou Hao fills in "Quarterly report" and moves it to "Approved":
      | Approval opinion | read |
    Then "Quarterly report" is in "Submitted"
    And the comments on "Quarterly report":
      | M72 | open |
      | M26 | none |
    When Zhang Wei moves "Quarterly report" to "Approved"
    Then "Quarterly report" is in "Approved"
    And the comments on "Quarterly report":
      | M72 | satisfied |

  @M72
  Scenario: A report not submitted in time is told to the leader
    Given it is 2026-10-08 09:00
    When Wang Fang files the Service document "Quarterly report" for ERP:
      | Document kind | Customer Service Report |
      | Period        | 2026-Q3                 |
    And it is 2026-10-14 11:29
    Then no leader watches "Quarterly report"
    When it is 2026-10-14 11:31
    Then Zhang Wei watches "Quarterly report"
    And the comments on "Quarterly report":
      | M72 | open | 2026-10-14 11:30 |
    When Wang Fang moves "Quarterly report" to "Submitted"
    And Zhang Wei fills in "Quarterly report" and moves it to "Approved":
      | Approval opinion | call them more often |
    Then "Quarterly report" is in "Approved"
    And the comments on "Quarterly report":
      | M72 | satisfied |
