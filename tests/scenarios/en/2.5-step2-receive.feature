# language: en
Feature: 2.5 Step2 Receiving customers' requests
  Customers make requests through various channels (requests, suggestions, complaints and so on); service staff record them.

  @M18
  Scenario: A request that is nobody's goes to the product's service staff
    When Wang Fang files the Customer request "Invoice question" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Inquiry  |
    Then "Invoice question" is in "Registered"
    And "Invoice question" is assigned to Wang Fang or Wu Xia
    And there is no comment on "Invoice question"

  @M18
  Scenario: A request that is somebody's stays theirs
    When Wang Fang files the Customer request "Invoice question" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Inquiry  |
      | Assignee     | Zhao Lei |
    Then "Invoice question" is assigned to Zhao Lei

  @M18 @M16
  Scenario: A request about another product goes to that product's staff
    When Wang Fang files the Customer request "Scheduling question" for MES:
      | Customer     | Jinghua |
      | Channel      | E-mail  |
      | Request kind | Inquiry |
    Then "Scheduling question" is assigned to Li Na or Huang Ting

  @M23 @M27
  Scenario: Work starts while kind and channel are not recorded
    When Wang Fang files the Customer request "Reports are slow" for ERP:
      | Customer | Hengtong |
    Then there is no comment on "Reports are slow"
    When Wang Fang moves "Reports are slow" to "In progress"
    Then "Reports are slow" is in "In progress"
    And the comments on "Reports are slow":
      | M23 | open | Request kind | Channel |
    When Wang Fang fills in "Reports are slow":
      | Channel | On site |
    Then the comments on "Reports are slow":
      | M23 | open | Request kind |
    When Wang Fang fills in "Reports are slow":
      | Request kind | Request |
    Then the comments on "Reports are slow":
      | M23 | satisfied |

  @M23 @M73
  Scenario: The leader waives the channel
    When Wang Fang files the Customer request "Spoken request" for ERP:
      | Customer     | Hengtong |
      | Request kind | Request  |
    And Wang Fang moves "Spoken request" to "In progress"
    Then the comments on "Spoken request":
      | M23 | open |
    When Zhang Wei fills in "Spoken request":
      | Waiver | M23 said in a meeting, no channel applies |
    Then the comments on "Spoken request":
      | M23 | waived |

  @M27
  Scenario: A complaint is watched by the product's leader
    When Wang Fang files the Customer request "Upgrade is late" for ERP:
      | Customer     | Tianyi    |
      | Channel      | E-mail    |
      | Request kind | Complaint |
    Then Zhang Wei watches "Upgrade is late"
    And there is no comment on "Upgrade is late"

  @M27
  Scenario: The leader also watches what turns out to be a complaint
    When Wang Fang files the Customer request "Upgrade is late" for MES:
      | Customer     | Jinghua |
      | Channel      | E-mail  |
      | Request kind | Other   |
    Then no leader watches "Upgrade is late"
    When Li Na fills in "Upgrade is late":
      | Request kind | Complaint |
    Then Zhou Hao watches "Upgrade is late"

  @M27
  Scenario: An inquiry does not bother the leader
    When Wang Fang files the Customer request "Invoice question" for ERP:
      | Customer     | Tianyi  |
      | Channel      | E-mail  |
      | Request kind | Inquiry |
    Then no leader watches "Invoice question"

  @M27 @M01
  Scenario: A rule that only warns does not bring the leader in
    Given rule M27 is set to "warned"
    When Wang Fang files the Customer request "Upgrade is late" for ERP:
      | Customer     | Tianyi    |
      | Channel      | E-mail    |
      | Request kind | Complaint |
    Then no leader watches "Upgrade is late"

  @M19 @M15
  Scenario: The customer is not in the register
    When Wang Fang files the Customer request "Trial question" for ERP:
      | Customer     | Nameless Trading |
      | Channel      | E-mail           |
      | Request kind | Inquiry          |
    Then there is no comment on "Trial question"
    When Wang Fang moves "Trial question" to "In progress"
    Then "Trial question" is in "In progress"
    And the comments on "Trial question":
      | M19 | open | Nameless Trading |
    When Wang Fang fills in "Trial question":
      | Customer | Hengtong |
    Then the comments on "Trial question":
      | M19 | satisfied |

  @M19 @M15
  Scenario: The customer has not bought this product
    When Wang Fang files the Customer request "Invoice question" for ERP:
      | Customer     | Jinghua |
      | Channel      | E-mail  |
      | Request kind | Inquiry |
    And Wang Fang moves "Invoice question" to "In progress"
    Then the comments on "Invoice question":
      | M19 | open | Jinghua |

  @M19
  Scenario: A request from before the product was delivered
    When Wang Fang files the Customer request "Installation question" for ERP:
      | Customer     | Kangda           |
      | Channel      | Phone            |
      | Request kind | Inquiry          |
      | Received at  | 2026-03-01 10:00 |
    And Wang Fang moves "Installation question" to "In progress"
    Then the comments on "Installation question":
      | M19 | open | 2026-03-01 |
    When Wang Fang fills in "Installation question":
      | Received at | 2026-04-01 10:00 |
    Then the comments on "Installation question":
      | M19 | satisfied |

  @M19 @M73
  Scenario: Only the leader's own waiver counts
    When Wang Fang files the Customer request "Trial question" for ERP:
      | Customer     | Nameless Trading |
      | Channel      | E-mail           |
      | Request kind | Inquiry          |
    And Wang Fang fills in "Trial question" and moves it to "In progress":
      | Waiver | M19 the customer is in a hurry |
    Then the comments on "Trial question":
      | M19 | open |
    When Zhou Hao fills in "Trial question":
      | Waiver | M19 another product's leader agrees |
    Then the comments on "Trial question":
      | M19 | open |
    When Zhang Wei fills in "Trial question":
      | Waiver | M19 on trial, contract under way |
    Then the comments on "Trial question":
      | M19 | waived |

  @M04
  Scenario: The leader is asked about a request made after the product was retired
    When Li Na files the Customer request "Export the address book" for CRM:
      | Customer     | Baisheng |
      | Channel      | Phone    |
      | Request kind | Request  |
    Then "Export the address book" is in "Registered"
    And "Export the address book" is assigned to Li Na
    And Zhou Hao watches "Export the address book"
    And the comments on "Export the address book":
      | M04 | open | 2026-06-30 |

  @M04
  Scenario: A request made before the product was retired is served as usual
    When Li Na files the Customer request "Export the address book" for CRM:
      | Customer     | Baisheng         |
      | Channel      | Phone            |
      | Request kind | Request          |
      | Received at  | 2026-06-29 17:00 |
    Then no leader watches "Export the address book"
    And the comments on "Export the address book":
      | M04 | none |

  @M05
  Scenario: A status that stands for no stage
    When Wang Fang files the Customer request "Invoice question" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Inquiry  |
    And Wang Fang moves "Invoice question" to a status that is not mapped
    Then the comments on "Invoice question":
      | M05 | open |
    When Wang Fang moves "Invoice question" to "In progress"
    Then "Invoice question" is in "In progress"
    And the comments on "Invoice question":
      | M05 | satisfied |

  @M06 @M28
  Scenario: A call that service staff record was answered while it lasted
    When Wu Xia files the Customer request "Login question" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Inquiry  |
    And it is 2026-11-25 15:00
    Then no leader watches "Login question"
    And the comments on "Login question":
      | M06 | none |

  @M06 @M28
  Scenario: The clock of a request recorded later runs from when the customer asked
    When Wang Fang files the Customer request "Weekend mail" for ERP:
      | Customer     | Hengtong         |
      | Channel      | E-mail           |
      | Request kind | Inquiry          |
      | Received at  | 2026-11-02 09:00 |
    Then the comments on "Weekend mail":
      | M06 | open | 2026-11-02 09:00 |
    And "Weekend mail" holds:
      | Escalation level | 2 |
    And Zhang Wei watches "Weekend mail"

  @M27
  Scenario: While the kind is not recorded, the words of the request suggest one; a person judges
    When Wang Fang files the Customer request "Complaint about waiting" for ERP:
      | Customer | Hengtong |
      | Channel  | Phone    |
    Then "Complaint about waiting" holds:
      | Request kind |  |
    And the comments on "Complaint about waiting":
      | M27-suggested | open | complaint |
    When Wang Fang fills in "Complaint about waiting":
      | Request kind | Request |
    Then the comments on "Complaint about waiting":
      | M27-suggested | satisfied |

  @M28 @M74
  Scenario: What was asked while the tracker was down counts from when the customer asked
    When Wang Fang files the Customer request "Mail of the outage" for ERP:
      | Customer     | Hengtong         |
      | Channel      | E-mail           |
      | Request kind | Request          |
      | Received at  | 2026-11-20 16:00 |
    And it is 2026-11-23 16:29
    Then the comments on "Mail of the outage":
      | M06 | none |
    When it is 2026-11-23 16:31
    Then the comments on "Mail of the outage":
      | M06 | open | 2026-11-20 16:00 |

  @M28
  Scenario: A time of receipt later than the record is told until it is corrected
    When Wang Fang files the Customer request "Weekend mail" for ERP:
      | Customer     | Hengtong         |
      | Channel      | E-mail           |
      | Request kind | Request          |
      | Received at  | 2026-11-30 09:00 |
    Then the comments on "Weekend mail":
      | M28 | open | 2026-11-30 09:00 |
    When it is 2026-11-23 09:10
    And Wang Fang fills in "Weekend mail":
      | Received at | 2026-11-20 16:00 |
    Then the comments on "Weekend mail":
      | M28 | satisfied |

  @M28
  Scenario: A request recorded more than a day later is told of
    When Wang Fang files the Customer request "Weekend mail" for ERP:
      | Customer     | Hengtong         |
      | Channel      | E-mail           |
      | Request kind | Request          |
      | Received at  | 2026-11-17 09:00 |
    Then the comments on "Weekend mail":
      | M28 | open | 2026-11-17 09:00 |

  @M03 @M22
  Scenario: A contract that ends soon is told of; after its end the leader is asked and the record kept
    Given it is 2027-08-02 10:00
    When Wang Fang files the Customer request "Invoice question" for ERP:
      | Customer     | Ruifeng |
      | Channel      | E-mail  |
      | Request kind | Request |
    Then the comments on "Invoice question":
      | M03 | open | YH-ERP-2024-011 | 2027-09-01 |
    And no leader watches "Invoice question"
    When it is 2027-09-02 10:00
    And Wang Fang files the Customer request "Export a report" for ERP:
      | Customer     | Ruifeng |
      | Channel      | E-mail  |
      | Request kind | Request |
    Then "Export a report" is in "Registered"
    And Zhang Wei watches "Export a report"
    And the comments on "Export a report":
      | M03 | open | YH-ERP-2024-011 | 2027-09-01 |

  @M73 @M19
  Scenario: A waiver that does not count is told why
    When Wang Fang files the Customer request "Trial question" for ERP:
      | Customer     | Nameless Trading |
      | Channel      | E-mail           |
      | Request kind | Request          |
    And Wang Fang moves "Trial question" to "In progress"
    And Zhang Wei fills in "Trial question":
      | Waiver | M19 |
    Then the comments on "Trial question":
      | M19 | open |
      | M73 | open |
    When Wang Fang fills in "Trial question":
      | Waiver | M19 on trial |
    Then the comments on "Trial question":
      | M19 | open |           |           |
      | M73 | open | Wang Fang | Zhang Wei |
    When Zhang Wei fills in "Trial question":
      | Waiver | M19 on trial, the contract is being signed |
    Then the comments on "Trial question":
      | M19 | waived    |
      | M73 | satisfied |
