# language: en
Feature: 3.5 Step1 Preparing product maintenance
  Maintenance staff draw up the product's maintenance plan; a superior leader approves it.

  @M14 @M48
  Scenario: The maintenance plan is written and attached when its issue is filed
    When Liu Yang files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    Then "Maintenance plan" has the file "PMP-erp-2027-v1.docx"
    And "Maintenance plan" is in "Draft"

  @M48
  Scenario: A superior leader approves the maintenance plan
    When Liu Yang files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    And Liu Yang moves "Maintenance plan" to "Submitted"
    And Zhang Wei fills in "Maintenance plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Maintenance plan" is in "Approved"
    And the comments on "Maintenance plan":
      | M26 | none |

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
    And the comments on "Maintenance plan":
      | M26 | none |
    When Liu Yang moves "Maintenance plan" to "Draft"
    And Liu Yang moves "Maintenance plan" to "Submitted"
    And Zhang Wei fills in "Maintenance plan" and moves it to "Approved":
      | Approval decision | Agree          |
      | Approval opinion  | has been added |
    Then "Maintenance plan" is in "Approved"
    And the comments on "Maintenance plan":
      | M26 | none |

  @M48
  Scenario: A leader's own plan is approved by another approver
    When Zhang Wei files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    And Zhang Wei moves "Maintenance plan" to "Submitted"
    And Zhou Hao fills in "Maintenance plan" and moves it to "Approved":
      | Approval decision | Agree |
    Then "Maintenance plan" is in "Approved"
    And the comments on "Maintenance plan":
      | M26 | none |

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

  @M47 @M63
  Scenario: A submitted maintenance plan names who still lacks training
    Given Chen Jie has no record of training in "product"
    When Liu Yang files the Service document "Maintenance plan" for ERP:
      | Document kind | Product Maintenance Plan |
      | Period        | 2027                     |
    And Liu Yang moves "Maintenance plan" to "Submitted"
    Then the comments on "Maintenance plan":
      | M24 | open | Chen Jie |

  @M75
  Scenario: When it is enforced, the leader follows maintenance without a plan
    Given rule M75 is set to "enforced"
    And ERP has no approved plan
    When Liu Yang files the Maintenance requirement "Layout of vouchers" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
    And Liu Yang moves "Layout of vouchers" to "Classified"
    Then Zhang Wei watches "Layout of vouchers"
    And the comments on "Layout of vouchers":
      | M75 | open | Product Maintenance Plan |
