# language: en
Feature: 2.5 Step1 Preparing customer service
  Service staff draw up the product's customer service plan; a superior leader approves it.

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
    And there is no comment on "Service plan"

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
    And there is no comment on "Service plan"

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
