# language: en
Feature: 3.5 Step2 Receiving and judging maintenance requirements
  First it is judged whether the requirement is corrective or perfective; the leader decides on perfective work beyond the resources.

  @M50 @M08
  Scenario: No work before the judgement; it goes on after it
    When Wang Fang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer | Hengtong |
      | Source   | Customer |
      | Severity | Normal   |
    And Liu Yang moves "Wrong tax rate" to "In work"
    Then "Wrong tax rate" is in "Registered"
    And the comments on "Wrong tax rate":
      | M50 | open |
    When Liu Yang fills in "Wrong tax rate" and moves it to "Scheduled":
      | Maintenance class | Corrective            |
      | Reason for class  | tax table not updated |
      | Visit needed      | no                    |
    Then "Wrong tax rate" is in "Scheduled"
    And the comments on "Wrong tax rate":
      | M50 | satisfied |

  @M50
  Scenario: The judgement of service staff does not count
    When Wang Fang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Registered"
    And the comments on "Wrong tax rate":
      | M50 | open | Wang Fang |

  @M50
  Scenario: The judgement of another product's maintenance staff does not count
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer     | Hengtong |
      | Source       | Customer |
      | Visit needed | no       |
    And Yang Min fills in "Wrong tax rate" and moves it to "Classified":
      | Maintenance class | Corrective |
    Then "Wrong tax rate" is in "Registered"
    And the comments on "Wrong tax rate":
      | M50 | open | Yang Min |

  @M50 @M08
  Scenario: Maintenance staff judge it as they file it
    When Chen Jie files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Chen Jie moves "Wrong tax rate" to "Classified"
    Then "Wrong tax rate" is in "Classified"
    And there is no comment on "Wrong tax rate"

  @M50
  Scenario: A requirement that was not judged cannot be refused either
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer | Hengtong |
      | Source   | Customer |
    And Liu Yang moves "Wrong tax rate" to "Rejected"
    Then "Wrong tax rate" is in "Registered"
    And the comments on "Wrong tax rate":
      | M50 | open |

  @M12
  Scenario: Corrective maintenance cannot be refused
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    And Liu Yang moves "Wrong tax rate" to "Rejected"
    Then "Wrong tax rate" is in "Scheduled"

  @M12
  Scenario: Not even the leader can refuse corrective maintenance
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "Classified"
    And Zhang Wei moves "Wrong tax rate" to "Rejected"
    Then "Wrong tax rate" is in "Classified"

  @M12
  Scenario: Corrective maintenance does not wait for a decision
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "Classified"
    And Liu Yang moves "Wrong tax rate" to "Awaiting decision"
    Then "Wrong tax rate" is in "Classified"

  @M12
  Scenario: Corrective maintenance is not converted to a new project
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "In work"
    And Zhang Wei moves "Wrong tax rate" to "Converted to a new project"
    Then "Wrong tax rate" is in "In work"

  @M12 @M01
  Scenario: A rule that only warns leaves the refusal and says so
    Given rule M12 is set to "warned"
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "Rejected"
    Then "Wrong tax rate" is in "Rejected"
    And the comments on "Wrong tax rate":
      | M12 | open |

  @M51
  Scenario: Whether to visit is decided before it is scheduled
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Classified"
    And the comments on "Wrong tax rate":
      | M51 | open | Visit needed |
    When Liu Yang fills in "Wrong tax rate" and moves it to "Scheduled":
      | Visit needed | no |
    Then "Wrong tax rate" is in "Scheduled"
    And the comments on "Wrong tax rate":
      | M51 | satisfied |

  @M51
  Scenario: What is still undecided is listed after the judgement
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
    Then there is no comment on "Wrong tax rate"
    When Liu Yang moves "Wrong tax rate" to "Classified"
    Then "Wrong tax rate" is in "Classified"
    And the comments on "Wrong tax rate":
      | M51 | open | Visit needed |

  @M33 @M51
  Scenario: For a customer in the same city only the time is needed
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | yes        |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Classified"
    And the comments on "Wrong tax rate":
      | M51 | open | Visit at |
    When Liu Yang fills in "Wrong tax rate" and moves it to "Scheduled":
      | Visit at | 2026-11-23 15:00 |
    Then "Wrong tax rate" is in "Scheduled"

  @M33
  Scenario: A visit has one task, is raised when it is late, and is finished when it is on record
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong         |
      | Source            | Customer         |
      | Maintenance class | Corrective       |
      | Visit needed      | yes              |
      | Visit at          | 2026-11-23 15:00 |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Scheduled"
    And "Wrong tax rate" is linked to one Service task, called "the visit"
    And "the visit" is assigned to Liu Yang
    And "the visit" holds:
      | Task kind | On-site visit |
      | Customer  | Hengtong         |
      | Visit at  | 2026-11-23 15:00 |
    When it is 2026-11-23 17:59
    Then the comments on "Wrong tax rate":
      | M33 | none |
    When it is 2026-11-23 18:20
    Then the comments on "Wrong tax rate":
      | M33 | open | 2026-11-23 18:00 |
    And Zhang Wei watches "Wrong tax rate"
    When Liu Yang fills in "the visit" and moves it to "Closed":
      | Arrived at | 2026-11-23 18:15 |
    Then "the visit" is in "Open"
    And the comments on "the visit":
      | M40-task | open | Left at | Visit signed by |
    When Liu Yang fills in "the visit" and moves it to "Closed":
      | Left at         | 2026-11-23 18:20 |
      | Visit signed by | Li Jianguo       |
    Then "the visit" is in "Closed"
    And the comments on "Wrong tax rate":
      | M33 | open | 2026-11-23 18:15 |

  @M34 @M51
  Scenario: With a customer elsewhere the time is agreed and travel thought of
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Huaxin           |
      | Source            | Customer         |
      | Maintenance class | Corrective       |
      | Visit needed      | yes              |
      | Visit at          | 2026-11-26 10:00 |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Classified"
    And the comments on "Wrong tax rate":
      | M51 | open | Visit agreed with | Travel note |
    When Liu Yang fills in "Wrong tax rate" and moves it to "Scheduled":
      | Visit agreed with | Director Zhao    |
      | Travel note       | 4 hours by train |
    Then "Wrong tax rate" is in "Scheduled"
    And the comments on "Wrong tax rate":
      | M51 | satisfied |

  @M49 @M51
  Scenario: An internal requirement needs neither visit nor customer
    When Liu Yang files the Maintenance requirement "Memory leak" for ERP:
      | Source            | Internal   |
      | Maintenance class | Corrective |
    And Liu Yang moves "Memory leak" to "Scheduled"
    Then "Memory leak" is in "Scheduled"
    And there is no comment on "Memory leak"

  @M73 @M51
  Scenario: The leader's waiver sets the decision on a visit aside
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
    And Zhang Wei fills in "Wrong tax rate":
      | Waiver | M51 2099-12-31 the customer's plant is shut down |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Scheduled"
    And there is no comment on "Wrong tax rate"

  @M73 @M51
  Scenario: A waiver that is over or without a reason does not count
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
    And Zhang Wei fills in "Wrong tax rate":
      | Waiver | M51 2026-01-31 the customer's plant is shut down |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Classified"
    When Zhang Wei fills in "Wrong tax rate":
      | Waiver | M51 |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Classified"
    And the comments on "Wrong tax rate":
      | M51 | open |

  @M53
  Scenario: A small improvement is within the resources and scheduled at once
    When Liu Yang files the Maintenance requirement "Adjustable columns" for ERP:
      | Customer             | Hengtong           |
      | Source               | Customer           |
      | Maintenance class    | Perfective         |
      | Reason for class     | long names are cut |
      | Estimated effort (h) | 4                  |
    And Liu Yang moves "Adjustable columns" to "Scheduled"
    Then "Adjustable columns" is in "Scheduled"
    And there is no comment on "Adjustable columns"

  @M53 @M54
  Scenario: Perfective work without an estimate waits for the leader
    When Liu Yang files the Maintenance requirement "Adjustable columns" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Maintenance class | Perfective |
    And Liu Yang moves "Adjustable columns" to "Scheduled"
    Then "Adjustable columns" is in "Awaiting decision"
    And the comments on "Adjustable columns":
      | M54 | open | Zhang Wei |
    When Liu Yang fills in "Adjustable columns" and moves it to "Scheduled":
      | Estimated effort (h) | 3 |
    Then "Adjustable columns" is in "Scheduled"
    And the comments on "Adjustable columns":
      | M54 | satisfied |

  @M54 @M13
  Scenario: What the leader approves is scheduled
    When Liu Yang files the Maintenance requirement "Approval by phone" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 300        |
    And Liu Yang moves "Approval by phone" to "Scheduled"
    Then "Approval by phone" is in "Awaiting decision"
    And the comments on "Approval by phone":
      | M54 | open | 300 | Zhang Wei |
    When Zhang Wei fills in "Approval by phone":
      | Leader's decision | Approved                     |
      | Leader's opinion  | for the next quarter         |
      | Decision factors  | strategy, finance, resources |
    Then "Approval by phone" is in "Scheduled"
    And the comments on "Approval by phone":
      | M54 | satisfied |
      | M13 | none      |

  @M54
  Scenario: What the leader declines is not carried out
    When Liu Yang files the Maintenance requirement "Approval by phone" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 300        |
    And Liu Yang moves "Approval by phone" to "Scheduled"
    And Zhang Wei fills in "Approval by phone":
      | Leader's decision | Declined            |
      | Leader's opinion  | too few customers   |
      | Decision factors  | strategy, resources |
    Then "Approval by phone" is in "Rejected"

  @M54
  Scenario: A decision entered by maintenance staff does not count
    When Liu Yang files the Maintenance requirement "Approval by phone" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 300        |
    And Liu Yang fills in "Approval by phone" and moves it to "Scheduled":
      | Leader's decision | Approved                           |
      | Leader's opinion  | the leader agreed by word of mouth |
      | Decision factors  | resources                          |
    Then "Approval by phone" is in "Awaiting decision"
    And the comments on "Approval by phone":
      | M54 | open | Liu Yang | Zhang Wei |

  @M54
  Scenario: The decision of another product's leader does not count
    When Liu Yang files the Maintenance requirement "Approval by phone" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 300        |
    And Liu Yang moves "Approval by phone" to "Scheduled"
    And Zhou Hao fills in "Approval by phone":
      | Leader's decision | Approved |
      | Leader's opinion  | worth it |
      | Decision factors  | strategy |
    Then "Approval by phone" is in "Awaiting decision"
    And the comments on "Approval by phone":
      | M54 | open | Zhou Hao |

  @M55 @M54
  Scenario: Work started without a decision goes back to wait for it
    When Liu Yang files the Maintenance requirement "Approval by phone" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 300        |
    And Liu Yang moves "Approval by phone" to "In work"
    Then "Approval by phone" is in "Awaiting decision"

  @M54 @M01
  Scenario: A rule that only warns does not send started work back
    Given rule M54 is set to "warned"
    When Liu Yang files the Maintenance requirement "Approval by phone" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 300        |
    And Liu Yang moves "Approval by phone" to "In work"
    Then "Approval by phone" is in "In work"
    And the comments on "Approval by phone":
      | M54 | open |

  @M13
  Scenario: A decision names its opinion and what was weighed
    When Liu Yang files the Maintenance requirement "Approval by phone" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 300        |
    And Liu Yang moves "Approval by phone" to "Classified"
    And Liu Yang moves "Approval by phone" to "Awaiting decision"
    And Zhang Wei fills in "Approval by phone":
      | Leader's decision | Approved |
    Then "Approval by phone" is in "Scheduled"
    And the comments on "Approval by phone":
      | M13 | open | Leader's opinion | Decision factors |
    When Zhang Wei fills in "Approval by phone":
      | Leader's opinion | for the next quarter |
      | Decision factors | finance              |
    Then the comments on "Approval by phone":
      | M13 | satisfied |

  @M11
  Scenario: A big improvement is proposed as a new project and confirmed by the leader
    When Liu Yang files the Maintenance requirement "Reports rewritten" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 400        |
    Then the comments on "Reports rewritten":
      | M11 | open | 400 | 320 |
    When Liu Yang moves "Reports rewritten" to "Classified"
    And Liu Yang moves "Reports rewritten" to "Converted to a new project"
    Then "Reports rewritten" is in "Awaiting decision"
    When Zhang Wei moves "Reports rewritten" to "Converted to a new project"
    Then "Reports rewritten" is in "Converted to a new project"
    And the comments on "Reports rewritten":
      | M11 | open | version "Reports rewritten |

  @M11
  Scenario: An improvement that is not big is not proposed as a new project
    When Liu Yang files the Maintenance requirement "Approval by phone" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 319        |
    Then the comments on "Approval by phone":
      | M11 | none |

  @M18 @M43
  Scenario: A requirement that is nobody's goes to the product's maintenance staff
    When Wang Fang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer | Hengtong |
      | Source   | Customer |
    Then "Wrong tax rate" is assigned to Liu Yang or Chen Jie

  @M45 @M19
  Scenario: A requirement of a customer to whom the product was not delivered
    When Liu Yang files the Maintenance requirement "Scheduling error" for ERP:
      | Customer          | Haixing    |
      | Source            | Customer   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Scheduling error" to "Scheduled"
    Then the comments on "Scheduling error":
      | M19 | open | Haixing |

  @M04
  Scenario: The leader is asked about a requirement for a retired product
    When Yang Min files the Maintenance requirement "Export fails" for CRM:
      | Customer          | Baisheng   |
      | Source            | Customer   |
      | Maintenance class | Corrective |
    Then Zhou Hao watches "Export fails"
    And "Export fails" is assigned to Yang Min
    And the comments on "Export fails":
      | M04 | open |

  @M35 @M54
  Scenario: A fault that is judged perfective and declined comes back to service staff
    When Wang Fang files the Customer request "Cannot print landscape" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Fault    |
    Then "Cannot print landscape" is linked to one Maintenance requirement, called "the maintenance"
    When Liu Yang fills in "the maintenance" and moves it to "Scheduled":
      | Maintenance class    | Perfective     |
      | Reason for class     | a new function |
      | Estimated effort (h) | 300            |
    Then "Cannot print landscape" is in "Handed over"
    When Zhang Wei fills in "the maintenance":
      | Leader's decision | Declined         |
      | Leader's opinion  | no means for now |
      | Decision factors  | resources        |
    Then "the maintenance" is in "Rejected"
    And "Cannot print landscape" is in "In progress"
    And the comments on "Cannot print landscape":
      | M54-explanation | open | Explanation |
    When Wang Fang fills in "Cannot print landscape" and moves it to "Closed":
      | Answer                | not supported for now |
      | Measure               | none                  |
      | Satisfaction evidence | Written               |
    Then "Cannot print landscape" is in "In progress"
    When Wang Fang fills in "Cannot print landscape" and moves it to "Closed":
      | Explanation | export it and print that |
    Then "Cannot print landscape" is in "Closed"
    And the comments on "Cannot print landscape":
      | M54-explanation | satisfied |

  @M53 @M54
  Scenario: What fits the rest of the month is scheduled at once, first come first served
    When Liu Yang files the Maintenance requirement "Mobile approval" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 150        |
    And Liu Yang files the Maintenance requirement "Adjustable columns" for ERP:
      | Customer             | Hengtong   |
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 100        |
    And Liu Yang moves "Mobile approval" to "Scheduled"
    And Liu Yang moves "Adjustable columns" to "Scheduled"
    Then "Mobile approval" is in "Scheduled"
    And the comments on "Mobile approval":
      | M53 | open | 240 | 150 |
    And "Adjustable columns" is in "Awaiting decision"
    And the comments on "Adjustable columns":
      | M54 | open | 90 | 100 | Zhang Wei |
    When Liu Yang fills in "Adjustable columns" and moves it to "Scheduled":
      | Estimated effort (h) | 90 |
    Then "Adjustable columns" is in "Scheduled"
    And the comments on "Adjustable columns":
      | M53 | open |
      | M54 | satisfied |

  @M49
  Scenario: A maintenance requirement without its source cannot go on
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "Scheduled"
    Then "Wrong tax rate" is in "Classified"
    And the comments on "Wrong tax rate":
      | M49 | open | Source |
    When Liu Yang fills in "Wrong tax rate" and moves it to "Scheduled":
      | Source | Customer |
    Then "Wrong tax rate" is in "Scheduled"
    And the comments on "Wrong tax rate":
      | M49 | satisfied |

  @M10 @M49
  Scenario: Perfective work has its need and its origin written down
    When Liu Yang files the Maintenance requirement "Adjustable columns" for ERP:
      | Source               | Customer   |
      | Maintenance class    | Perfective |
      | Estimated effort (h) | 2          |
    And Liu Yang moves "Adjustable columns" to "Classified"
    Then "Adjustable columns" is in "Classified"
    And the comments on "Adjustable columns":
      | M10 | open | Reason for class | Customer |
    When Liu Yang fills in "Adjustable columns":
      | Source           | Internal           |
      | Reason for class | long names are cut |
    Then the comments on "Adjustable columns":
      | M10 | satisfied |

  @M50
  Scenario: Who judges anew gives the reason
    When Liu Yang files the Maintenance requirement "Adjustable columns" for ERP:
      | Customer             | Hengtong           |
      | Source               | Customer           |
      | Maintenance class    | Perfective         |
      | Reason for class     | long names are cut |
      | Estimated effort (h) | 2                  |
    And Liu Yang moves "Adjustable columns" to "In work"
    Then "Adjustable columns" is in "In work"
    When Liu Yang fills in "Adjustable columns":
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    Then "Adjustable columns" is in "Classified"
    And the comments on "Adjustable columns":
      | M50 | open |
    When Liu Yang fills in "Adjustable columns" and moves it to "In work":
      | Reason for class | the design has them adjustable |
    Then "Adjustable columns" is in "In work"
    And the comments on "Adjustable columns":
      | M50 | satisfied |

  @M12 @M50
  Scenario: A fault renamed close to its target waits for the leader
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Severity          | Critical   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And Liu Yang moves "Wrong tax rate" to "In work"
    And it is 2026-11-23 17:30
    And Liu Yang fills in "Wrong tax rate":
      | Maintenance class    | Perfective       |
      | Reason for class     | a rate never had |
      | Estimated effort (h) | 2                |
    Then "Wrong tax rate" is in "Awaiting decision"
    And Zhang Wei watches "Wrong tax rate"
    And the comments on "Wrong tax rate":
      | M12 | open | Liu Yang |
    When Liu Yang moves "Wrong tax rate" to "In work"
    Then "Wrong tax rate" is in "Awaiting decision"
    When Zhang Wei fills in "Wrong tax rate" and moves it to "In work":
      | Leader's decision | Approved                     |
      | Leader's opinion  | it is new indeed             |
      | Decision factors  | strategy, finance, resources |
    Then "Wrong tax rate" is in "In work"
    And the comments on "Wrong tax rate":
      | M12 | satisfied |

  @M12
  Scenario: What is judged anew early on is no matter for the leader
    When Liu Yang files the Maintenance requirement "Wrong tax rate" for ERP:
      | Customer          | Hengtong   |
      | Source            | Customer   |
      | Severity          | Critical   |
      | Maintenance class | Corrective |
      | Visit needed      | no         |
    And it is 2026-11-23 16:30
    And Liu Yang fills in "Wrong tax rate" and moves it to "In work":
      | Maintenance class    | Perfective       |
      | Reason for class     | a rate never had |
      | Estimated effort (h) | 2                |
    Then "Wrong tax rate" is in "In work"
    And no leader watches "Wrong tax rate"

  @M11 @M35 @M54
  Scenario: A fault that becomes a new project comes back to service staff with the name of its version
    When Wang Fang files the Customer request "Reports too slow" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Fault    |
    Then "Reports too slow" is linked to one Maintenance requirement, called "the maintenance"
    When Liu Yang fills in "the maintenance" and moves it to "Classified":
      | Maintenance class    | Perfective       |
      | Reason for class     | needs a new core |
      | Estimated effort (h) | 400              |
    And Zhang Wei moves "the maintenance" to "Converted to a new project"
    Then "the maintenance" is in "Converted to a new project"
    And "Reports too slow" is in "In progress"
    And the comments on "Reports too slow":
      | M32             | open | the new project or version [Maintenance] Reports too slow |
      | M54-explanation | open | Explanation                                                 |
