# language: en
Feature: 3.5 Step3 Carrying out maintenance
  Maintenance staff remove defects in time, must test the changed product and must follow configuration management strictly.

  Background:
    Given Zhang Wei makes the version "5.2.1" of ERP
    And these entries are called "the mending":
      | Root cause | tax table missing |
      | Measure    | tax rates updated |
    And these entries are called "the versions":
      | Base version      | 5.2     |
      | Fixed in version  | 5.2.1   |
      | Change references | a1b2c3d |
    And these entries are called "the test":
      | Test result   | Passed              |
      | Tester        | Chen Jie            |
      | Test evidence | 12 regression tests |
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Severity          | Normal     |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "In work"

  @M09
  Scenario: A defect whose cause is unknown does not count as mended
    When Liu Yang fills in "Wrong tax rate" with "the versions"
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie fills in "Wrong tax rate" with "the test"
    And Chen Jie moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "In work"
    And the comments on "Wrong tax rate":
      | M09 | open | Root cause | Measure |
    When Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M09 | satisfied |

  @M09 @M56 @M57
  Scenario: What is missing for being done is listed during the test
    When Liu Yang moves "Wrong tax rate" to "Testing"
    Then "Wrong tax rate" is in "Testing"
    And the comments on "Wrong tax rate":
      | M09 | open | Root cause   | Measure          |                   |
      | M56 | open | Tester       | Test evidence    |                   |
      | M57 | open | Base version | Fixed in version | Change references |

  @M09 @M56 @M57
  Scenario: Maintenance that has everything counts as done
    When Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang fills in "Wrong tax rate" with "the versions"
    And Chen Jie fills in "Wrong tax rate" with "the test"
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M09 | none |
      | M56 | none |
      | M57 | none |

  @M56
  Scenario: An untested change goes back to testing
    When Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang fills in "Wrong tax rate" with "the versions"
    And Liu Yang moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Testing"
    And the comments on "Wrong tax rate":
      | M56 | open | Tester | Test evidence |
      | M57 | none |        |               |

  @M56
  Scenario: A failed test does not count
    When Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang fills in "Wrong tax rate" with "the versions"
    And Chen Jie fills in "Wrong tax rate" with "the test"
    And Chen Jie fills in "Wrong tax rate":
      | Test result | Failed |
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Testing"
    And the comments on "Wrong tax rate":
      | M56 | open |

  @M56
  Scenario: A test by who made the change does not count
    When Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang fills in "Wrong tax rate" with "the versions"
    And Liu Yang fills in "Wrong tax rate" with "the test"
    And Liu Yang fills in "Wrong tax rate":
      | Tester | Liu Yang |
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Liu Yang moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Testing"
    And the comments on "Wrong tax rate":
      | M56 | open | Liu Yang |
    When Chen Jie fills in "Wrong tax rate" and moves it to "Done":
      | Tester | Chen Jie |
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M56 | satisfied |

  @M57
  Scenario: A change without versions and references goes back
    When Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie fills in "Wrong tax rate" with "the test"
    And Chen Jie moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Testing"
    And the comments on "Wrong tax rate":
      | M57 | open | Base version | Fixed in version | Change references |
    When Liu Yang fills in "Wrong tax rate" with "the versions"
    And Liu Yang moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M57 | satisfied |

  @M57
  Scenario: A fixed version that the site does not have does not count
    When Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang fills in "Wrong tax rate" with "the versions"
    And Chen Jie fills in "Wrong tax rate" with "the test"
    And Liu Yang fills in "Wrong tax rate":
      | Fixed in version | 0.0.0 |
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Testing"
    And the comments on "Wrong tax rate":
      | M57 | open | 0.0.0 | 5.2.1 |
    When Liu Yang fills in "Wrong tax rate":
      | Fixed in version | 5.2.1 |
    And Chen Jie moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Done"

  @M09 @M10
  Scenario: Perfective work has no cause of a defect to find
    When Liu Yang files the Maintenance requirement "Adjustable columns" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 3          |
    And Liu Yang moves "Adjustable columns" to "In work"
    And Liu Yang fills in "Adjustable columns" with "the versions"
    And Chen Jie fills in "Adjustable columns" with "the test"
    And Liu Yang moves "Adjustable columns" to "Testing"
    And Chen Jie moves "Adjustable columns" to "Done"
    Then "Adjustable columns" is in "Done"
    And the comments on "Adjustable columns":
      | M09 | none |

  @M44 @M52
  Scenario: A critical defect is raised after one working day
    When Liu Yang fills in "Wrong tax rate":
      | Severity | Critical |
    And it is 2026-11-24 09:25
    Then the comments on "Wrong tax rate":
      | M44 | none |
    When it is 2026-11-24 09:40
    Then the comments on "Wrong tax rate":
      | M44 | open | 2026-11-24 09:31 |
    And "Wrong tax rate" holds:
      | Escalation level | 1 |
    And Zhang Wei watches "Wrong tax rate"

  @M44
  Scenario: An ordinary defect has more time
    When it is 2026-11-27 18:00
    Then there is no comment on "Wrong tax rate"
    And no leader watches "Wrong tax rate"

  @M44
  Scenario: The clock runs from when the customer asked, not from the filing
    When Liu Yang fills in "Wrong tax rate":
      | Severity    | Critical         |
      | Received at | 2026-11-02 09:00 |
    Then the comments on "Wrong tax rate":
      | M44 | open | 2026-11-02 09:00 |
    And "Wrong tax rate" holds:
      | Escalation level | 2 |

  @M44
  Scenario: What is resolved in time is not raised
    When Liu Yang fills in "Wrong tax rate":
      | Severity | Critical |
    And Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang fills in "Wrong tax rate" with "the versions"
    And Chen Jie fills in "Wrong tax rate" with "the test"
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie moves "Wrong tax rate" to "Done"
    And it is 2026-12-23 10:00
    Then the comments on "Wrong tax rate":
      | M44 | none |
    And no leader watches "Wrong tax rate"

  @M44 @M12
  Scenario: The clock runs on after a reopening
    When Liu Yang fills in "Wrong tax rate":
      | Severity | Critical |
    And Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang fills in "Wrong tax rate" with "the versions"
    And Chen Jie fills in "Wrong tax rate" with "the test"
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And Chen Jie moves "Wrong tax rate" to "Done"
    And Liu Yang moves "Wrong tax rate" to "In work"
    And it is 2026-11-24 09:40
    Then the comments on "Wrong tax rate":
      | M44 | open |
    And Zhang Wei watches "Wrong tax rate"

  @M44 @M52
  Scenario: A late resolution stays on record
    When Liu Yang fills in "Wrong tax rate":
      | Severity | Critical |
    And Liu Yang fills in "Wrong tax rate" with "the mending"
    And Liu Yang fills in "Wrong tax rate" with "the versions"
    And Chen Jie fills in "Wrong tax rate" with "the test"
    And Liu Yang moves "Wrong tax rate" to "Testing"
    And it is 2026-11-24 10:59
    And Chen Jie moves "Wrong tax rate" to "Done"
    Then "Wrong tax rate" is in "Done"
    And the comments on "Wrong tax rate":
      | M44 | open | 2026-11-24 11:00 |
    And "Wrong tax rate" holds:
      | Escalation level | 1 |

  @M44 @M52
  Scenario: Perfective work has no target for its resolution
    When Liu Yang files the Maintenance requirement "Adjustable columns" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Severity             | Critical   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 3          |
    And it is 2026-11-26 15:00
    Then the comments on "Adjustable columns":
      | M44 | none |
