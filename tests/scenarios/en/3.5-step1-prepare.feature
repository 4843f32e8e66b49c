# language: en
Feature: 3.5 Step1 Preparing product maintenance
  Maintenance staff draw up the product's maintenance plan; a superior leader approves it.

  @M48
  Scenario: A superior leader approves the maintenance plan
    When Liu Yang files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    And Liu Yang moves "Maintenance plan" to "Submitted"
    And Zhang Wei fills in "Maintenance plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Maintenance plan" is in "Approved"
    And there is no comment on "Maintenance plan"

  @M48 @M70
  Scenario: Maintenance staff cannot approve each other's plan
    When Liu Yang files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    And Liu Yang moves "Maintenance plan" to "Submitted"
    And Chen Jie fills in "Maintenance plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Maintenance plan" is in "Submitted"
    And the comments on "Maintenance plan":
      | M26 | open |

  @M48
  Scenario: A plan that was not agreed to is mended and approved
    When Liu Yang files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    And Liu Yang moves "Maintenance plan" to "Submitted"
    And Zhang Wei fills in "Maintenance plan" and moves it to "Not agreed":
      | Approval decision | Disagree                     |
      | Approval opinion  | regression tests are missing |
    Then "Maintenance plan" is in "Not agreed"
    And there is no comment on "Maintenance plan"
    When Liu Yang moves "Maintenance plan" to "Draft"
    And Liu Yang moves "Maintenance plan" to "Submitted"
    And Zhang Wei fills in "Maintenance plan" and moves it to "Approved":
      | Approval decision | Agree          |
      | Approval opinion  | has been added |
    Then "Maintenance plan" is in "Approved"
    And there is no comment on "Maintenance plan"

  @M48
  Scenario: A leader's own plan is approved by another approver
    When Zhang Wei files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    And Zhang Wei moves "Maintenance plan" to "Submitted"
    And Zhou Hao fills in "Maintenance plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Maintenance plan" is in "Approved"
    And there is no comment on "Maintenance plan"

  @M48
  Scenario: The author's own approval does not count, the approver's does
    When Liu Yang files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    And Liu Yang moves "Maintenance plan" to "Submitted"
    And Liu Yang fills in "Maintenance plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Maintenance plan" is in "Submitted"
    And the comments on "Maintenance plan":
      | M26 | open |
    When Zhang Wei moves "Maintenance plan" to "Approved"
    Then "Maintenance plan" is in "Approved"
    And the comments on "Maintenance plan":
      | M26 | satisfied |
