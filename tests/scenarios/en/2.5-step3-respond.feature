# language: en
Feature: 2.5 Step3 Responding to customers' requests
  Service staff respond quickly; faults go to maintenance staff; suggestions are thanked for or explained.

  @M06 @M30 @M31
  Scenario: An inquiry is publicly answered at once
    When Wang Fang files the Customer request "Login question" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Inquiry  |
    And 30 minutes pass
    And Wu Xia answers on "Login question": "please reset the password first"
    And it is 2026-11-24 15:00
    Then the comments on "Login question":
      | M06 | none |
    And no leader watches "Login question"

  @M06 @M30
  Scenario: Past the target without a response it is raised; the lunch break does not count
    When Wang Fang files the Customer request "Login question" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Inquiry  |
    And it is 2026-11-23 14:20
    Then the comments on "Login question":
      | M06-50 | open |
      | M06-80 | open |
      | M06    | none |
    When it is 2026-11-23 14:40
    Then the comments on "Login question":
      | M06 | open | 2026-11-23 14:31 |
    And "Login question" holds:
      | Escalation level | 1 |
    And Zhang Wei watches "Login question"

  @M06 @M30
  Scenario: A complaint has less time than an inquiry
    When Wang Fang files the Customer request "Rude on the phone" for ERP:
      | Customer     | Hengtong  |
      | Channel      | E-mail    |
      | Request kind | Complaint |
    And 55 minutes pass
    Then the comments on "Rude on the phone":
      | M06-50 | open |
      | M06-80 | open |
      | M06    | none |
    When 10 minutes pass
    Then the comments on "Rude on the phone":
      | M06 | open |

  @M06
  Scenario: A private note is no response to the customer
    When Wang Fang files the Customer request "Login question" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Inquiry  |
    And Wu Xia notes privately on "Login question": "will look tomorrow"
    And it is 2026-11-23 14:40
    Then the comments on "Login question":
      | M06 | open |
    And Zhang Wei watches "Login question"

  @M06 @M30
  Scenario: A late response stays on record
    When Wang Fang files the Customer request "Login question" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Inquiry  |
    And it is 2026-11-23 15:59
    And Wu Xia answers on "Login question": "please reset the password first"
    Then the comments on "Login question":
      | M06 | open | 2026-11-23 16:00 |
    And "Login question" holds:
      | Escalation level | 1 |

  @M06 @M01
  Scenario: The weekend does not count
    Given it is 2026-11-27 17:29
    When Wang Fang files the Customer request "Rude on the phone" for ERP:
      | Customer     | Hengtong  |
      | Channel      | E-mail    |
      | Request kind | Complaint |
    And it is 2026-11-30 09:20
    Then the comments on "Rude on the phone":
      | M06-50 | open |
      | M06-80 | open |
      | M06    | none |
    When it is 2026-11-30 09:40
    Then the comments on "Rude on the phone":
      | M06 | open | 2026-11-30 09:30 |

  @M06 @M01
  Scenario: The National Day holidays do not count
    Given it is 2026-09-30 17:29
    When Wang Fang files the Customer request "Rude on the phone" for ERP:
      | Customer     | Hengtong  |
      | Channel      | E-mail    |
      | Request kind | Complaint |
    And it is 2026-10-08 09:20
    Then the comments on "Rude on the phone":
      | M06-50 | open |
      | M06-80 | open |
      | M06    | none |
    When it is 2026-10-08 09:40
    Then the comments on "Rude on the phone":
      | M06 | open | 2026-10-08 09:30 |

  @M06 @M01
  Scenario: A make-up Saturday counts as usual
    Given it is 2026-10-09 17:29
    When Wang Fang files the Customer request "Rude on the phone" for ERP:
      | Customer     | Hengtong  |
      | Channel      | E-mail    |
      | Request kind | Complaint |
    And it is 2026-10-10 09:40
    Then the comments on "Rude on the phone":
      | M06 | open | 2026-10-10 09:30 |

  @M32 @M35
  Scenario: A fault is handed over to maintenance staff
    When Wang Fang files the Customer request "Tax rate invalid" for ERP:
      | Customer     | Hengtong |
      | Contact      | Mr. Li   |
      | Channel      | Phone    |
      | Request kind | Fault    |
      | Severity     | Major    |
    Then "Tax rate invalid" is in "Handed over"
    And the comments on "Tax rate invalid":
      | M32 | open |
    And "Tax rate invalid" is linked to one Maintenance requirement, called "the maintenance"
    And "the maintenance" is in "Registered"
    And "the maintenance" is assigned to Liu Yang
    And "the maintenance" holds:
      | Customer | Hengtong |
      | Contact  | Mr. Li   |
      | Severity | Major    |
      | Source   | Customer |

  @M32
  Scenario: What later turns out to be a fault is handed over too
    When Huang Ting files the Customer request "Booking of work fails" for MES:
      | Customer     | Jinghua |
      | Channel      | Phone   |
      | Request kind | Inquiry |
    And Li Na moves "Booking of work fails" to "In progress"
    Then "Booking of work fails" is linked to 0 issues of kind Maintenance requirement
    When Li Na fills in "Booking of work fails":
      | Request kind | Fault |
    Then "Booking of work fails" is in "Handed over"
    And "Booking of work fails" is linked to one Maintenance requirement, called "the maintenance"
    And "the maintenance" is assigned to Chen Jie

  @M32
  Scenario: A fault is handed over only once
    When Wang Fang files the Customer request "Tax rate invalid" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Fault    |
    And Wang Fang fills in "Tax rate invalid":
      | Contact | Mr. Li |
    And Wang Fang fills in "Tax rate invalid":
      | Request kind | Request |
    And Wang Fang fills in "Tax rate invalid":
      | Request kind | Fault |
    Then "Tax rate invalid" is linked to 1 issues of kind Maintenance requirement

  @M35
  Scenario: It cannot count as answered or closed before maintenance is done
    When Wang Fang files the Customer request "Tax rate invalid" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Fault    |
    And Wang Fang moves "Tax rate invalid" to "Answered"
    Then "Tax rate invalid" is in "Handed over"
    When Wang Fang fills in "Tax rate invalid" and moves it to "Closed":
      | Answer                | handed over             |
      | Measure               | waiting for maintenance |
      | Satisfaction evidence | Noted call              |
    Then "Tax rate invalid" is in "Handed over"
    And the comments on "Tax rate invalid":
      | M32 | open |

  @M35
  Scenario: It may wait for the customer during maintenance
    When Wang Fang files the Customer request "Tax rate invalid" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Fault    |
    And Wang Fang moves "Tax rate invalid" to "Waiting for customer"
    Then "Tax rate invalid" is in "Waiting for customer"

  @M36
  Scenario: An adopted suggestion closes only after thanks
    When Wang Fang files the Customer request "More shortcuts" for ERP:
      | Customer     | Hengtong   |
      | Channel      | E-mail     |
      | Request kind | Suggestion |
    And Wang Fang moves "More shortcuts" to "In progress"
    And Wang Fang fills in "More shortcuts" and moves it to "Closed":
      | Suggestion decision   | Adopted             |
      | Answer                | planned             |
      | Measure               | in the next version |
      | Satisfaction evidence | Written             |
    Then "More shortcuts" is in "In progress"
    And the comments on "More shortcuts":
      | M36 | open | Thanks sent on |
      | M40 | none |                |
    When Wang Fang fills in "More shortcuts" and moves it to "Closed":
      | Thanks sent on | 2026-11-23 |
    Then "More shortcuts" is in "Closed"
    And the comments on "More shortcuts":
      | M36 | satisfied |

  @M37
  Scenario: A suggestion that is not adopted is explained and thanked for
    When Wang Fang files the Customer request "More shortcuts" for ERP:
      | Customer     | Hengtong   |
      | Channel      | E-mail     |
      | Request kind | Suggestion |
    And Wang Fang fills in "More shortcuts" and moves it to "Answered":
      | Suggestion decision   | Not adopted |
      | Thanks sent on        | 2026-11-23  |
      | Answer                | not for now |
      | Measure               | none        |
      | Satisfaction evidence | Written     |
    Then "More shortcuts" is in "Answered"
    And the comments on "More shortcuts":
      | M36 | open | Explanation |
    When Wang Fang moves "More shortcuts" to "Closed"
    Then "More shortcuts" is in "Answered"
    When Wang Fang fills in "More shortcuts" and moves it to "Closed":
      | Explanation | conflicts with existing shortcuts |
    Then "More shortcuts" is in "Closed"
    And the comments on "More shortcuts":
      | M36 | satisfied |

  @M36
  Scenario: An undecided suggestion cannot close
    When Wang Fang files the Customer request "More shortcuts" for ERP:
      | Customer     | Hengtong   |
      | Channel      | E-mail     |
      | Request kind | Suggestion |
    And Wang Fang moves "More shortcuts" to "In progress"
    And Wang Fang fills in "More shortcuts" and moves it to "Closed":
      | Suggestion decision   | Open            |
      | Thanks sent on        | 2026-11-23      |
      | Answer                | to be discussed |
      | Measure               | none            |
      | Satisfaction evidence | Written         |
    Then "More shortcuts" is in "In progress"
    And the comments on "More shortcuts":
      | M36 | open | Suggestion decision |

  @M40 @M36
  Scenario: What is missing is shown before closing
    When Wang Fang files the Customer request "More shortcuts" for ERP:
      | Customer     | Hengtong   |
      | Channel      | E-mail     |
      | Request kind | Suggestion |
    And Wang Fang moves "More shortcuts" to "Answered"
    Then "More shortcuts" is in "Answered"
    And the comments on "More shortcuts":
      | M36 | open | Suggestion decision | Thanks sent on |                       |
      | M40 | open | Answer              | Measure        | Satisfaction evidence |

  @M40 @M07
  Scenario: A request without a satisfactory answer is reopened
    When Wang Fang files the Customer request "Export a report" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Request  |
    And Wang Fang moves "Export a report" to "In progress"
    And Wang Fang moves "Export a report" to "Closed"
    Then "Export a report" is in "In progress"
    And the comments on "Export a report":
      | M40 | open | Answer | Measure | Satisfaction evidence |
    When Wang Fang fills in "Export a report" and moves it to "Closed":
      | Answer                | please use the export menu |
      | Measure               | helped by phone            |
      | Satisfaction evidence | Noted call                 |
    Then "Export a report" is in "Closed"
    And the comments on "Export a report":
      | M40 | satisfied |

  @M40
  Scenario: What was closed from answered goes back to answered
    When Wang Fang files the Customer request "Export a report" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Request  |
    And Wang Fang fills in "Export a report" and moves it to "Answered":
      | Answer | please use the export menu |
    And Wang Fang moves "Export a report" to "Closed"
    Then "Export a report" is in "Answered"
    And the comments on "Export a report":
      | M40 | open | Satisfaction evidence |

  @M40
  Scenario: Service staff cannot accept "no reply"
    When Wang Fang files the Customer request "Export a report" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Request  |
    And Wang Fang moves "Export a report" to "In progress"
    And Wang Fang fills in "Export a report" and moves it to "Closed":
      | Answer                | please use the export menu |
      | Measure               | helped by phone            |
      | Satisfaction evidence | No reply                   |
    Then "Export a report" is in "In progress"
    And the comments on "Export a report":
      | M40 | open | no reply |

  @M40
  Scenario: The product's leader accepts "no reply"
    When Wang Fang files the Customer request "Export a report" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Request  |
    And Wang Fang fills in "Export a report" and moves it to "Answered":
      | Answer  | please use the export menu |
      | Measure | helped by phone            |
    And Zhang Wei fills in "Export a report":
      | Satisfaction evidence | No reply |
    And Wang Fang moves "Export a report" to "Closed"
    Then "Export a report" is in "Closed"
    And the comments on "Export a report":
      | M40 | satisfied |

  @M40 @M01
  Scenario: The light policy only warns and does not reopen
    Given the policy is "light"
    When Wang Fang files the Customer request "Export a report" for ERP:
      | Customer     | Hengtong |
      | Channel      | Phone    |
      | Request kind | Request  |
    And Wang Fang moves "Export a report" to "In progress"
    And Wang Fang moves "Export a report" to "Closed"
    Then "Export a report" is in "Closed"
    And the comments on "Export a report":
      | M40 | open | Answer |

  @M31
  Scenario: A technician is asked about an inquiry that is not answered on the same day
    When Wang Fang files the Customer request "Login question" for ERP:
      | Customer     | Hengtong |
      | Channel      | E-mail   |
      | Request kind | Inquiry  |
    And Wang Fang answers on "Login question": "we are looking into it"
    And it is 2026-11-23 17:59
    Then there is no comment on "Login question"
    When it is 2026-11-23 18:01
    Then the comments on "Login question":
      | M31 | open | 2026-11-23 18:00 |
    When Wang Fang fills in "Login question":
      | Technician asked | Zhao Lei |
    Then Zhao Lei watches "Login question"
    And the comments on "Login question":
      | M31 | satisfied |
    When Wang Fang fills in "Login question":
      | Technician asked | Liu Yang |
    Then the comments on "Login question":
      | M31 | open | Liu Yang |
    When Wang Fang fills in "Login question":
      | Answer | please reset the password |
    Then the comments on "Login question":
      | M31 | satisfied |

  @M27 @M40
  Scenario: A complaint closes only with its outcome
    When Wang Fang files the Customer request "Late upgrade" for ERP:
      | Customer     | Tianyi    |
      | Channel      | Phone     |
      | Request kind | Complaint |
    And Wang Fang moves "Late upgrade" to "In progress"
    And Wang Fang fills in "Late upgrade" and moves it to "Closed":
      | Answer                | apologised           |
      | Measure               | upgraded on that day |
      | Satisfaction evidence | Noted call           |
    Then "Late upgrade" is in "In progress"
    And the comments on "Late upgrade":
      | M27 | open | Complaint outcome |
      | M40 | none |                   |
    When Wang Fang fills in "Late upgrade" and moves it to "Closed":
      | Complaint outcome | accepted |
    Then "Late upgrade" is in "Closed"
    And the comments on "Late upgrade":
      | M27 | satisfied |
