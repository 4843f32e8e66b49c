# language: en
Feature: 2.5 Step1 Preparing customer service
  Service staff draw up the product's customer service plan; a superior leader approves it.

  @M14 @M25
  Scenario: The service plan is written and attached when its issue is filed
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    Then "Service plan" has the file "CSP-erp-2027-v1.docx"
    And "Service plan" is in "Draft"

  @M26
  Scenario: A plan that an approver agrees to stands
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Wang Fang moves "Service plan" to "Submitted"
    And Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree             |
      | Approval opinion  | to be carried out |
    Then "Service plan" is in "Approved"
    And the comments on "Service plan":
      | M26 | none |

  @M26
  Scenario: Agreeing with changes is agreeing
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Wang Fang moves "Service plan" to "Submitted"
    And Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree with changes      |
      | Approval opinion  | a tenth less for travel |
    Then "Service plan" is in "Approved"
    And the comments on "Service plan":
      | M26 | none |

  @M26
  Scenario: An approval without a decision is sent back, and stands once it has one
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Wang Fang moves "Service plan" to "Submitted"
    And Zhang Wei moves "Service plan" to "Approved"
    Then "Service plan" is in "Submitted"
    And the comments on "Service plan":
      | M26 | open |
    When Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Service plan" is in "Approved"
    And the comments on "Service plan":
      | M26 | satisfied |

  @M26
  Scenario: A plan that was not agreed to cannot be marked as approved
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Wang Fang moves "Service plan" to "Submitted"
    And Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Disagree               |
      | Approval opinion  | the budget is too high |
    Then "Service plan" is in "Submitted"
    And the comments on "Service plan":
      | M26 | open |

  @M26 @M70
  Scenario: Somebody without the approver's role cannot approve
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Wang Fang moves "Service plan" to "Submitted"
    And Wu Xia fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Service plan" is in "Submitted"
    And the comments on "Service plan":
      | M26 | open |

  @M26
  Scenario: Authors cannot approve their own plan
    When Zhang Wei files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Zhang Wei moves "Service plan" to "Submitted"
    And Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Service plan" is in "Submitted"
    And the comments on "Service plan":
      | M26 | open |

  @M26 @M01
  Scenario: A rule that only warns does not send the plan back
    Given rule M26 is set to "warned"
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Wang Fang moves "Service plan" to "Submitted"
    And Wu Xia fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Service plan" is in "Approved"
    And the comments on "Service plan":
      | M26 | open |

  @M24 @M63
  Scenario: A submitted service plan names who still lacks training
    Given Wu Xia has no record of training in "dealing with customers"
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    Then the comments on "Service plan":
      | M24 | none |
    When Wang Fang moves "Service plan" to "Submitted"
    Then the comments on "Service plan":
      | M24 | open | Wu Xia |
    When Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Service plan" is in "Approved"

  @M24 @M63
  Scenario: When it is enforced, a plan without training is not approved
    Given rule M24 is set to "enforced"
    And Wu Xia has no record of training in "product"
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Wang Fang moves "Service plan" to "Submitted"
    And Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Service plan" is in "Submitted"

  @M75
  Scenario: Work without an approved plan is named until the plan is approved
    Given ERP has no approved plan
    And it is 2026-11-23 10:00
    When Wang Fang files the Customer request "Export of reports" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Request  |
    Then there is no comment on "Export of reports"
    When Wang Fang moves "Export of reports" to "In progress"
    Then "Export of reports" is in "In progress"
    And the comments on "Export of reports":
      | M75 | open | Customer Service Plan |
    And no leader watches "Export of reports"
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2026                  |
    And Wang Fang moves "Service plan" to "Submitted"
    Then the comments on "Export of reports":
      | M75 | open |
    When Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then the comments on "Export of reports":
      | M75 | satisfied |
    When Zhang Wei moves "Service plan" to "Superseded"
    Then the comments on "Export of reports":
      | M75 | open |

  @M29 @M26
  Scenario: An approved service plan brings its surveys
    When Wang Fang files the Service document "Service plan" for ERP:
      | Document kind | Customer Service Plan |
      | Period        | 2027                  |
    And Wang Fang moves "Service plan" to "Submitted"
    Then "Service plan" is linked to 0 issues of kind Service task
    When Zhang Wei fills in "Service plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Service plan" is in "Approved"
    And "Service plan" is linked to 6 issues of kind Service task
    And the comments on "Service plan":
      | M29 | none |
