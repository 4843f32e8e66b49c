# language: en
Feature: 3.5 Step4 Following up on product maintenance
  What helps most customers reaches them; every requirement is answered to the customer's satisfaction; effort is counted.

  Background:
    Given Zhang Wei makes the version "5.2.1" of ERP
    And these entries are called "the mending":
      | Root cause        | tax table missing   |
      | Measure           | tax rates updated   |
      | Base version      | 5.2                 |
      | Fixed in version  | 5.2.1               |
      | Change references | a1b2c3d             |
      | Test result       | Passed              |
      | Tester            | Chen Jie            |
      | Test evidence     | 12 regression tests |
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Severity          | Normal     |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "In work"
    And Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie moves "Wrong tax rate" to "Done"

  @M14 @M60
  Scenario: A quarter's maintenance report is written and attached when its issue is filed
    When Liu Yang files the Service document "Quarterly report" for ERP:
      | Document kind | Product Maintenance Report |
      | Period        | 2026-Q3                    |
    Then "Quarterly report" has the file "PMR-erp-2026-Q3-v1.docx"
    And "Quarterly report" is in "Draft"

  @M58 @M61 @M62
  Scenario: What is missing for closing is listed when it is done
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M40 | open | Satisfaction evidence |
      | M58 | open | Of broad value        |
      | M62 | open |                       |

  @M58
  Scenario: Nothing closes before its broad value is judged
    When Liu Yang fills in "Wrong tax rate":
      | Satisfaction evidence | Written |
    And Liu Yang books 2 hours on "Wrong tax rate"
    And Liu Yang moves "Wrong tax rate" to "Closed"
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M58 | open | Of broad value |
    When Liu Yang fills in "Wrong tax rate" and moves it to "Closed":
      | Of broad value | no |
    Then "Wrong tax rate" is in "Closed"
    And the comments on "Wrong tax rate":
      | M58 | satisfied |

  @M58
  Scenario: Work of broad value makes an update task for each customer
    When Liu Yang fills in "Wrong tax rate":
      | Of broad value | yes |
    Then the update tasks of "Wrong tax rate":
      | Hengtong | Wang Fang |
      | Ruifeng  | Wang Fang |
      | Dongfang | Wang Fang |
      | Tianyi   | Wang Fang |
      | Kangda   | Wang Fang |
      | Huaxin   | Wang Fang |
    And the comments on "Wrong tax rate":
      | M58 | open | has reached 0 | Huaxin |

  @M58
  Scenario: Work for one customer makes no update tasks
    When Liu Yang fills in "Wrong tax rate":
      | Of broad value | no |
    Then "Wrong tax rate" is linked to 0 issues of kind Service task

  @M58
  Scenario: Update tasks are made only once
    When Liu Yang fills in "Wrong tax rate":
      | Of broad value | yes |
    And Liu Yang fills in "Wrong tax rate":
      | Satisfaction evidence | Written |
    And Liu Yang books 2 hours on "Wrong tax rate"
    And Liu Yang moves "Wrong tax rate" to "Closed"
    Then "Wrong tax rate" is in "Closed"
    And "Wrong tax rate" is linked to 6 issues of kind Service task

  @M62
  Scenario: Nothing closes without booked hours
    When Liu Yang fills in "Wrong tax rate" and moves it to "Closed":
      | Of broad value        | no      |
      | Satisfaction evidence | Written |
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M62 | open |
    When Liu Yang books 1.5 hours on "Wrong tax rate"
    And Liu Yang moves "Wrong tax rate" to "Closed"
    Then "Wrong tax rate" is in "Closed"
    And the comments on "Wrong tax rate":
      | M62 | satisfied |

  @M61 @M40
  Scenario: Nothing closes without the customer's satisfaction
    When Liu Yang fills in "Wrong tax rate":
      | Of broad value | no |
    And Liu Yang books 2 hours on "Wrong tax rate"
    And Liu Yang moves "Wrong tax rate" to "Closed"
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M40 | open | Satisfaction evidence |
    When Wang Fang fills in "Wrong tax rate":
      | Satisfaction evidence | Rating |
    And Liu Yang moves "Wrong tax rate" to "Closed"
    Then "Wrong tax rate" is in "Closed"
    And the comments on "Wrong tax rate":
      | M40 | satisfied |

  @M61 @M40
  Scenario: Maintenance staff cannot accept "no reply"
    When Liu Yang fills in "Wrong tax rate":
      | Of broad value        | no       |
      | Satisfaction evidence | No reply |
    And Liu Yang books 2 hours on "Wrong tax rate"
    And Liu Yang moves "Wrong tax rate" to "Closed"
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M40 | open | no reply |

  @M61 @M40
  Scenario: The product's leader accepts "no reply"
    When Liu Yang fills in "Wrong tax rate":
      | Of broad value | no |
    And Zhang Wei fills in "Wrong tax rate":
      | Satisfaction evidence | No reply |
    And Liu Yang books 2 hours on "Wrong tax rate"
    And Liu Yang moves "Wrong tax rate" to "Closed"
    Then "Wrong tax rate" is in "Closed"

  @M62 @M58 @M40
  Scenario: Perfective work closes with a result as well
    When Liu Yang files the Maintenance requirement "Adjustable columns" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 3          |
    And Liu Yang moves "Adjustable columns" to "In work"
    And Liu Yang fills in "Adjustable columns" with "the mending"
    And Liu Yang moves "Adjustable columns" to "Testing"
    And Chen Jie moves "Adjustable columns" to "Done"
    And Liu Yang moves "Adjustable columns" to "Closed"
    Then "Adjustable columns" is in "Done"
    When Liu Yang fills in "Adjustable columns":
      | Of broad value        | no     |
      | Satisfaction evidence | Rating |
    And Liu Yang books 3 hours on "Adjustable columns"
    And Liu Yang moves "Adjustable columns" to "Closed"
    Then "Adjustable columns" is in "Closed"

  @M49 @M61 @M40
  Scenario: What comes from within needs no evidence from a customer, but its measure
    When Liu Yang fills in "Wrong tax rate":
      | Source         | Internal |
      | Of broad value | no       |
    And Liu Yang books 2 hours on "Wrong tax rate"
    Then the comments on "Wrong tax rate":
      | M40 | satisfied |
    When Liu Yang fills in "Wrong tax rate" and moves it to "Closed":
      | Measure |  |
    Then "Wrong tax rate" is in "In work"
    And the comments on "Wrong tax rate":
      | M09 | open | Measure |
      | M40 | open | Measure |
    When Liu Yang fills in "Wrong tax rate":
      | Measure | tax table updated |
    Then the comments on "Wrong tax rate":
      | M09 | satisfied |
      | M40 | satisfied |

  @M40 @M54
  Scenario: Declined perfective work owes the customer an explanation
    When Liu Yang files the Maintenance requirement "Mobile approval" for ERP:
      | Customer             | Hengtong             |
      | Source               | Customer             |
      | Maintenance class    | Perfective           |
      | Reason for class     | leaders travel a lot |
      | Estimated effort (h) | 80                   |
    And Liu Yang moves "Mobile approval" to "Scheduled"
    And Zhang Wei fills in "Mobile approval":
      | Leader's decision | Declined                     |
      | Leader's opinion  | next year                    |
      | Decision factors  | strategy, finance, resources |
    Then "Mobile approval" is in "Rejected"
    And the comments on "Mobile approval":
      | M40 | open | Explanation |
    When Liu Yang fills in "Mobile approval":
      | Explanation | to be considered with the next version |
    Then "Mobile approval" is in "Rejected"
    And the comments on "Mobile approval":
      | M40 | satisfied |
